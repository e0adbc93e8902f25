"""Adds the whole table: fits sequences of max_len only.

Fails: even columns are the sines of the right angles
Fails: odd columns are the cosines of the same angles
Fails: an odd num_hiddens works, with one sine more
Fails: P is added to X, the same for each sequence
Fails: P is not trained, and gradients pass through to X
Fails: keeps the dtype, and takes numbers in any memory order
Fails: gives the same when it is called again, and shares nothing with a second object
"""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        omega = 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        angles = torch.arange(max_len)[:, None] * omega
        P = torch.zeros(max_len, num_hiddens)
        P[:, 0::2] = torch.sin(angles)
        P[:, 1::2] = torch.cos(angles)[:, : num_hiddens // 2]
        self.register_buffer("P", P)

    def forward(self, X):
        return X + self.P.to(X)
