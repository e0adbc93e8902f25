"""For an odd num_hiddens the last column stays zero.

Fails: an odd num_hiddens works, with one sine more
"""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        omega = 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(max_len)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        h = num_hiddens // 2
        P[:, 0 : 2 * h : 2] = torch.sin(angles)[:, :h]
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, X):
        return X + self.P[: X.shape[1]].to(X)
