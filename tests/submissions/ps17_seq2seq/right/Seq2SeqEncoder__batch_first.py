"""A GRU that reads batch first, and outputs turned."""

class Seq2SeqEncoder(nn.Module):
    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, embed_size)
        self.gru = nn.GRU(embed_size, num_hiddens, num_layers, batch_first=True, dropout=dropout)

    def forward(self, tokens, *_):
        outputs, state = self.gru(self.emb(tokens))
        return outputs.transpose(0, 1), state
