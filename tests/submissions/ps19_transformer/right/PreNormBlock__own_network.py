"""The network as an nn.Sequential, the mask from cumsum."""


class PreNormBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0):
        super().__init__()
        self.norm1 = nn.LayerNorm(num_hiddens)
        self.attention = MultiHeadAttention(num_hiddens, num_hiddens, num_hiddens, num_hiddens, num_heads, dropout)
        self.norm2 = nn.LayerNorm(num_hiddens)
        self.ffn = nn.Sequential(nn.Linear(num_hiddens, ffn_num_hiddens), nn.ReLU(), nn.Linear(ffn_num_hiddens, num_hiddens))
        self.dropout = nn.Dropout(dropout)

    def forward(self, X):
        n, T, _ = X.shape
        seen = torch.ones(n, T, dtype=torch.int64, device=X.device).cumsum(1)
        N = self.norm1(X)
        X = X + self.dropout(self.attention(N, N, N, seen))
        return X + self.dropout(self.ffn(self.norm2(X)))
