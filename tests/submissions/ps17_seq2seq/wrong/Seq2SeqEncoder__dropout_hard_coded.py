"""dropout is always 0.1.

Fails: gives the same when it is called again, and shares nothing with a second object
Fails: gives the outputs of all steps and the state of all layers
Fails: hands dropout on to the GRU, which drops between its layers
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=0.1)

    def forward(self, X, *args):
        return self.rnn(self.embedding(X.T))
