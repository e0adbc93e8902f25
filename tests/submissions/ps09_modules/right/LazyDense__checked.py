"""register_parameter with None, and a sentence for another width."""


class LazyDense(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.register_parameter("weight", None)
        self.register_parameter("bias", None)

    def _start(self, X):
        self.weight = nn.Parameter(X.new_empty(X.shape[-1], self.units).detach())
        self.bias = nn.Parameter(X.new_zeros(self.units))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X):
        if self.weight is None:
            self._start(X)
        if X.shape[-1] != len(self.weight):
            raise ValueError(f"an input of width {X.shape[-1]}, where {len(self.weight)} was expected")
        return X @ self.weight + self.bias
