"""Keeps all that the encoder has returned."""

class Seq2SeqDecoder(nn.Module):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.words = nn.Embedding(vocab_size, embed_size)
        self.gru = nn.GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout=dropout, batch_first=True)
        self.out = nn.Linear(num_hiddens, vocab_size)

    def init_state(self, enc_outputs, *args):
        return enc_outputs, enc_outputs[1]

    def forward(self, X, state):
        enc_outputs, hidden = state
        c = enc_outputs[1][-1].unsqueeze(1).expand(-1, X.shape[1], -1)
        outputs, hidden = self.gru(torch.cat([self.words(X), c], dim=-1), hidden)
        return self.out(outputs), (enc_outputs, hidden)
