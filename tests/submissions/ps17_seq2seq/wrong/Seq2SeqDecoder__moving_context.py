"""The context is made anew from the state, as in the book.

Fails: reading token by token equals reading all at once
Says: the context is made anew from the decoder's own state
"""

class Seq2SeqDecoder(Decoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        _, state = enc_outputs
        return state

    def forward(self, X, state):
        hidden, context = state, state[-1]
        embedded = self.embedding(X.T)  # (T, n, e)
        contexts = context.expand(len(embedded), -1, -1)  # (T, n, h)
        outputs, hidden = self.rnn(torch.cat([embedded, contexts], dim=2), hidden)
        return self.dense(outputs).transpose(0, 1), hidden
