"""Makes as many rows of P as the first X has steps.

Fails: gives the same when it is called again, and shares nothing with a second object
"""


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.num_hiddens, self.P = num_hiddens, None

    def forward(self, X):
        if self.P is None:
            omega = 10000 ** (-torch.arange(0, self.num_hiddens, 2) / self.num_hiddens)
            angles = torch.arange(X.shape[1])[:, None] * omega
            self.P = torch.zeros(X.shape[1], self.num_hiddens)
            self.P[:, 0::2] = torch.sin(angles)
            self.P[:, 1::2] = torch.cos(angles)[:, : self.num_hiddens // 2]
        return X + self.P[: X.shape[1]].to(X)
