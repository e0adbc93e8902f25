"""One norm for both.

Fails: has the weights of two norms, one attention without biases and one network
Says: no parameter of shape
"""


class PreNormBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0):
        super().__init__()
        self.norm1 = nn.LayerNorm(num_hiddens)
        self.attention = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout)
        self.ffn = PositionWiseFFN(num_hiddens, ffn_num_hiddens, num_hiddens)
        self.dropout = nn.Dropout(dropout)

    def forward(self, X):
        n, T, _ = X.shape
        seen = torch.arange(1, T + 1, device=X.device).repeat(n, 1)
        N = self.norm1(X)
        X = X + self.dropout(self.attention(N, N, N, seen))
        return X + self.dropout(self.ffn(self.norm1(X)))
