"""Column by column into a plain attribute."""


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        P = torch.zeros(1, max_len, num_hiddens)
        i = torch.arange(max_len, dtype=torch.float32)
        for j in range(num_hiddens):
            w = 1 / 10000 ** ((j - j % 2) / num_hiddens)
            P[0, :, j] = torch.sin(i * w) if j % 2 == 0 else torch.cos(i * w)
        self.P = P

    def forward(self, X):
        return X + self.P[:, : X.shape[1], :].to(X.device, X.dtype)
