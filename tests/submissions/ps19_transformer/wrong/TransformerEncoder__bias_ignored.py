"""use_bias is not handed on.

Fails: use_bias=True gives the attention of every block biases
"""


class TransformerEncoder(nn.Module):
    def __init__(self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_layers, dropout=0, use_bias=False):
        super().__init__()
        self.num_hiddens = num_hiddens
        self.embedding = nn.Embedding(vocab_size, num_hiddens)
        self.positions = PositionalEncoding(num_hiddens)
        self.blocks = nn.ModuleList(EncoderBlock(num_hiddens, ffn_num_hiddens, num_heads, dropout) for _ in range(num_layers))

    def forward(self, X, valid_lens=None, *args):
        X = self.positions(self.embedding(X) * math.sqrt(self.num_hiddens))
        for block in self.blocks:
            X = block(X, valid_lens)
        return X
