"""Calls PyTorch's batch_norm on its own buffers.

Fails: in training a batch (n, d) is normalised with its own statistics
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))
        self.register_buffer("moving_var", torch.ones(shape))

    def forward(self, X):
        return torch.nn.functional.batch_norm(
            X, self.moving_mean.view(-1), self.moving_var.view(-1), self.gamma.view(-1), self.beta.view(-1), self.training, 0.1, 1e-5
        )
