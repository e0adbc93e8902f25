"""The lengths are used.

Fails: gives the outputs of all steps and the state of all layers
Says: the lengths are used
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, *args):
        if not args:
            return self.rnn(self.embedding(X.T))
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(X.T), args[0].cpu(), enforce_sorted=False)
        return self.rnn(self.embedding(X.T))[0], self.rnn(packed)[1]
