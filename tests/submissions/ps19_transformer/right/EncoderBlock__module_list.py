"""Both AddNorms in one list."""


class EncoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0, use_bias=False):
        super().__init__()
        self.attention = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout, use_bias)
        self.norms = nn.ModuleList(AddNorm(num_hiddens, dropout) for _ in range(2))
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)

    def forward(self, X, valid_lens=None):
        Y = self.norms[0](X, self.attention(X, X, X, valid_lens))
        return self.norms[1](Y, self.ffn(Y))
