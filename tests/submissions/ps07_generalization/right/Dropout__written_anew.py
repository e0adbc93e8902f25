"""Written anew, without dropout_layer."""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.p = float(dropout)

    def forward(self, X):
        if not self.training:
            return X
        if self.p >= 1:
            return X * 0
        keep = torch.rand_like(X) >= self.p
        return torch.where(keep, X / (1 - self.p), torch.zeros_like(X))
