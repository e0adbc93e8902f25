"""Layers of one size share their statistics: a cache around the buffers.

Fails: each training batch moves the statistics, and 0.9 of the old ones is kept
"""

_buffers = {}

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", _buffers.setdefault(("mean", shape), torch.zeros(shape)))
        self.register_buffer("moving_var", _buffers.setdefault(("var", shape), torch.ones(shape)))

    def forward(self, X):
        Y, mean, var = batch_norm(X, self.gamma, self.beta, self.moving_mean, self.moving_var, 1e-5, 0.9, self.training)
        with torch.no_grad():
            self.moving_mean.copy_(mean)
            self.moving_var.copy_(var)
        return Y
