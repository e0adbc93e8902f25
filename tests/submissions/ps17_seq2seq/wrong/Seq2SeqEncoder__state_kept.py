"""Goes on from the state of the call before.

Fails: gives the outputs of all steps and the state of all layers
Fails: hands dropout on to the GRU, which drops between its layers
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, *args):
        outputs, self.state = self.rnn(self.embedding(X.T), getattr(self, "state", None) if getattr(self, "n", 0) == len(X) else None)
        self.n, self.state = len(X), self.state.detach()
        return outputs, self.state + 0 * outputs.sum()
