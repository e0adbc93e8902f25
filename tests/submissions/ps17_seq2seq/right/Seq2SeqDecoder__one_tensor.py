"""The state is one tensor, with the context as a layer on top."""

class Seq2SeqDecoder(Decoder):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        return torch.cat([enc_outputs[1], enc_outputs[1][-1:]])

    def forward(self, X, state):
        context = state[-1:].expand(X.shape[1], -1, -1)
        outputs, hidden = self.rnn(torch.cat([self.embedding(X.T), context], dim=2), state[:-1].contiguous())
        return self.dense(outputs).transpose(0, 1), torch.cat([hidden, state[-1:]])
