"""Cosine as a sine that is a quarter turn ahead."""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        c = torch.arange(num_hiddens)
        omega = 1 / 10000 ** ((c - c % 2) / num_hiddens)
        self.register_buffer("P", torch.sin(torch.arange(max_len).outer(omega) + c % 2 * math.pi / 2))

    def forward(self, X):
        n, T, _ = X.shape
        return self.P.to(X)[:T].expand(n, -1, -1) + X
