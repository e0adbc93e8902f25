"""1000 in the place of 10000.

Fails: even columns are the sines of the right angles
Fails: odd columns are the cosines of the same angles
Fails: an odd num_hiddens works, with one sine more
Fails: serves sequences of up to max_len steps, 1000 by default
Says: the base is 1000, expected is 10000
"""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        omega = 1000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(max_len)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, X):
        return X + self.P[: X.shape[1]].to(X)
