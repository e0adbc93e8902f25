"""Reads step by step."""

class Seq2SeqDecoder(Decoder):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout)
        self.dense = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        return {0: enc_outputs[1], 1: enc_outputs[1][-1]}[0], enc_outputs[1][-1]

    def forward(self, X, state):
        hidden, context = state
        logits = []
        for t in range(X.shape[1]):
            step = torch.cat([self.embedding(X[:, t]), context], dim=1)
            output, hidden = self.rnn(step[None], hidden)
            logits.append(self.dense(output[0]))
        return torch.stack(logits, dim=1), (hidden, context)
