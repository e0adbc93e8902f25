"""Written out, with the graph of each batch in the statistics: the second backward pass fails.

Fails: gradients flow batch after batch
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.dims = (0,) if num_dims == 2 else (0, 2, 3)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))
        self.register_buffer("moving_var", torch.ones(shape))
        self.shape = shape

    def forward(self, X):
        mean, var = self.moving_mean, self.moving_var
        if self.training:
            var, mean = (t.reshape(self.shape) for t in torch.var_mean(X, self.dims, unbiased=False))
            self.moving_mean = 0.9 * self.moving_mean + 0.1 * mean
            self.moving_var = 0.9 * self.moving_var + 0.1 * var
            mean, var = (mean + self.moving_mean) - self.moving_mean, var
        return self.gamma * (X - mean) / torch.sqrt(var + 1e-5) + self.beta
