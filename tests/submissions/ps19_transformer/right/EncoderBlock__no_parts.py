"""Uses PyTorch's layers and neither PositionWiseFFN nor AddNorm."""


class EncoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0, use_bias=False):
        super().__init__()
        d = num_hiddens
        self.attention = MultiHeadAttention(d, d, d, d, num_heads, dropout, use_bias)
        self.norm1 = nn.LayerNorm(d)
        self.linear1, self.linear2 = nn.Linear(d, ffn_num_hiddens), nn.Linear(ffn_num_hiddens, d)
        self.norm2 = nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, X, valid_lens=None):
        X = self.norm1(X + self.dropout(self.attention(X, X, X, valid_lens)))
        return self.norm2(X + self.dropout(self.linear2(torch.relu(self.linear1(X)))))
