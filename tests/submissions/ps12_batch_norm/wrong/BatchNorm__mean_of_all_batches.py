"""Keeps the mean of all batches, each with the same weight.

Fails: each training batch moves the statistics, and 0.9 of the old ones is kept
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))
        self.register_buffer("moving_var", torch.ones(shape))

        self.count = 0

    def forward(self, X):
        self.count += self.training
        share = 1 - 1 / max(self.count, 1)
        Y, mean, var = batch_norm(X, self.gamma, self.beta, self.moving_mean, self.moving_var, 1e-5, share, self.training)
        self.moving_mean, self.moving_var = mean, var
        return Y
