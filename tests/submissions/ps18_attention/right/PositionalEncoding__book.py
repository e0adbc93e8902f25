"""Plain attribute with a batch dimension, moved at every call."""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super(PositionalEncoding, self).__init__()
        self.P = torch.zeros((1, max_len, num_hiddens))
        X = torch.arange(max_len, dtype=torch.float32).reshape(-1, 1) / torch.pow(
            10000, torch.arange(0, num_hiddens, 2, dtype=torch.float32) / num_hiddens)
        self.P[:, :, 0::2] = torch.sin(X)
        self.P[:, :, 1::2] = torch.cos(X[:, : num_hiddens // 2])

    def forward(self, X):
        return X + self.P[:, : X.shape[1], :].to(X.device)
