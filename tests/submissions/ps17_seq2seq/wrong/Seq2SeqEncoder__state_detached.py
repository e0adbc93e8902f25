"""The state is detached.

Fails: gradients flow back through outputs and through the state
Fails: gradients are right, for inputs and weights
Says: the state carries no graph
"""

class Seq2SeqEncoder(Encoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size, num_hiddens, num_layers, dropout=dropout)

    def forward(self, X, *args):
        outputs, state = self.rnn(self.embedding(X.T))
        return outputs, state.detach()
