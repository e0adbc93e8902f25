"""Positions are counted from 1.

Fails: even columns are the sines of the right angles
Fails: odd columns are the cosines of the same angles
Says: positions are counted from 1, expected is from 0
"""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        omega = 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(1, max_len + 1)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, X):
        return X + self.P[: X.shape[1]].to(X)
