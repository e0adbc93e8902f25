"""An LSTM.

Fails: has an embedding and a GRU of num_layers layers, with biases
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.LSTM(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, *args):
        outputs, (state, _) = self.rnn(self.embedding(X.T))
        return outputs, state
