"""Another width is cut or filled up.

Fails: makes them once; another width is an error and changes nothing
"""


class LazyDense(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.weight = self.bias = None

    def forward(self, X):
        if self.weight is None:
            W = torch.empty(X.shape[-1], self.units, dtype=X.dtype, device=X.device)
            self.weight = nn.Parameter(nn.init.xavier_uniform_(W))
            self.bias = nn.Parameter(W.new_zeros(self.units))
        X = F.pad(X, (0, len(self.weight) - X.shape[-1]))
        return X @ self.weight + self.bias
