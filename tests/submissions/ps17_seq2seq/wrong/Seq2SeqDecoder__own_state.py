"""Starts from the decoder's own last state, as the notes say.

Fails: starts from what the encoder has read, whatever it has read itself before
Fails: started from the encoder's state, and shown the context, it gives the right logits at every step
Fails: hands dropout on to the GRU, which drops between its layers
Says: does the decoder start from its own last state?
"""

class Seq2SeqDecoder(Decoder):

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        _, state = enc_outputs
        own = getattr(self, "last", None)
        return own if own is not None and own.shape == state.shape else torch.zeros_like(state), state[-1]

    def forward(self, X, state):
        hidden, context = state
        embedded = self.embedding(X.T)  # (T, n, e)
        contexts = context.expand(len(embedded), -1, -1)  # (T, n, h)
        outputs, hidden = self.rnn(torch.cat([embedded, contexts], dim=2), hidden)
        self.last = hidden.detach()
        return self.dense(outputs).transpose(0, 1), (hidden, context)
