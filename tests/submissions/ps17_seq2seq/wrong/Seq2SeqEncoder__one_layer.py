"""num_layers is not handed on.

Fails: has an embedding and a GRU of num_layers layers, with biases
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, 1, dropout=dropout)

    def forward(self, X, *args):
        return self.rnn(self.embedding(X.T))
