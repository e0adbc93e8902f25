"""Another width makes new parameters.

Fails: makes them once; another width is an error and changes nothing
Says: raises: nothing
"""


class LazyDense(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.weight = self.bias = None

    def forward(self, X):
        if self.weight is None or self.weight.shape[0] != X.shape[-1]:
            W = torch.empty(X.shape[-1], self.units, dtype=X.dtype, device=X.device)
            self.weight = nn.Parameter(nn.init.xavier_uniform_(W))
            self.bias = nn.Parameter(W.new_zeros(self.units))
        return X @ self.weight + self.bias
