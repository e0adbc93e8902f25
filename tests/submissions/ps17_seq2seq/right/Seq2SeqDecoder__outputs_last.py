"""Takes the context from the last outputs, which are the same."""

class Seq2SeqDecoder(Decoder):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, **kwargs):
        super().__init__(**kwargs)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        outputs, state = enc_outputs
        return [state, outputs[-1]]

    def forward(self, X, state):
        X = self.embedding(X).permute(1, 0, 2)
        context = state[1].repeat(X.shape[0], 1, 1)
        output, hidden = self.rnn(torch.cat((X, context), 2), state[0])
        return self.dense(output).permute(1, 0, 2), [hidden, state[1]]
