"""LazyModuleMixin makes the parameters in a hook."""

from torch.nn.modules.lazy import LazyModuleMixin


class LazyDense(LazyModuleMixin, nn.Module):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.weight = nn.UninitializedParameter()
        self.bias = nn.UninitializedParameter()

    def initialize_parameters(self, X):
        if self.has_uninitialized_params():
            with torch.no_grad():
                self.weight.materialize((X.shape[-1], self.units), device=X.device, dtype=X.dtype)
                self.bias.materialize((self.units,), device=X.device, dtype=X.dtype)
                nn.init.xavier_uniform_(self.weight)
                self.bias.zero_()

    def forward(self, X):
        return X @ self.weight + self.bias
