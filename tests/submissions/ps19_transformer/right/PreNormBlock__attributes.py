"""Parts as a ModuleDict."""


class PreNormBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0):
        super().__init__()
        d = num_hiddens
        self.parts = nn.ModuleDict(
            {
                "norm1": nn.LayerNorm(d),
                "attention": MultiHeadAttention(d, d, d, d, num_heads, dropout),
                "norm2": nn.LayerNorm(d),
                "ffn": PositionWiseFFN(d, ffn_num_hiddens, d),
                "dropout": nn.Dropout(dropout),
            }
        )

    def forward(self, X):
        parts = self.parts
        N = parts["norm1"](X)
        lens = torch.arange(1, X.shape[1] + 1, device=X.device).expand(len(X), -1)
        Y = X + parts["dropout"](parts["attention"](N, N, N, lens))
        return Y + parts["dropout"](parts["ffn"](parts["norm2"](Y)))
