"""The statistics are parameters too.

Fails: gamma and beta are parameters, one number for each feature or channel, that start at 1 and 0
Fails: moving_mean and moving_var are buffers: in the state_dict, moved with the layer; they start at 0 and 1
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.moving_mean = nn.Parameter(torch.zeros(shape), requires_grad=False)
        self.moving_var = nn.Parameter(torch.ones(shape), requires_grad=False)

    def forward(self, X):
        Y, mean, var = batch_norm(X, self.gamma, self.beta, self.moving_mean, self.moving_var, 1e-5, 0.9, self.training)
        self.moving_mean.data, self.moving_var.data = mean.data, var.data
        return Y
