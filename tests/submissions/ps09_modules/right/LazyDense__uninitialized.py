"""UninitializedParameter, as PyTorch does it."""


class LazyDense(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.weight = nn.UninitializedParameter()
        self.bias = nn.UninitializedParameter()

    def forward(self, X):
        if isinstance(self.weight, nn.UninitializedParameter):
            with torch.no_grad():
                self.weight.materialize((X.shape[-1], self.units), X.device, X.dtype)
                self.bias.materialize((self.units,), X.device, X.dtype)
                nn.init.xavier_uniform_(self.weight)
                self.bias.zero_()
        return torch.matmul(X, self.weight) + self.bias
