"""One table in float64, kept as a buffer that is not saved."""


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        c = torch.arange(num_hiddens)
        angle = torch.outer(torch.arange(max_len, dtype=torch.float64), 10000.0 ** (-(c - c % 2) / num_hiddens))
        self.register_buffer("P", torch.where(c % 2 == 0, angle.sin(), angle.cos()), persistent=False)

    def forward(self, X):
        return X + self.P[: X.shape[-2]].to(X.dtype)
