"""Dropout of the embedding as well.

Fails: hands dropout on to the GRU, which drops between its layers
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, *args):
        return self.rnn(nn.functional.dropout(self.embedding(X.T), self.rnn.dropout, self.training))
