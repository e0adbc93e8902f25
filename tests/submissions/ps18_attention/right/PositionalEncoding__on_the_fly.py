"""Computes P at every call, by exp of logarithms."""

class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, max_len=1000):
        super().__init__()
        self.d = num_hiddens

    def forward(self, X):
        i = torch.arange(X.shape[1], device=X.device, dtype=torch.float32).unsqueeze(1)
        speed = torch.exp(torch.arange(0, self.d, 2, device=X.device) * (-math.log(10000.0) / self.d))
        P = torch.stack([torch.sin(i * speed), torch.cos(i * speed)], dim=-1).flatten(1)[:, : self.d]
        return X + P.to(X.dtype)
