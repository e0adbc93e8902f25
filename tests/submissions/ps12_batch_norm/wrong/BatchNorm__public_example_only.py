"""Made for one feature, as in the public check.

Fails: gamma and beta are parameters, one number for each feature or channel, that start at 1 and 0
Fails: moving_mean and moving_var are buffers: in the state_dict, moved with the layer; they start at 0 and 1
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(1))
        self.beta = nn.Parameter(torch.zeros(1))
        self.register_buffer("moving_mean", torch.zeros(1))
        self.register_buffer("moving_var", torch.ones(1))

    def forward(self, X):
        Y, self.moving_mean, self.moving_var = batch_norm(
            X, self.gamma, self.beta, self.moving_mean, self.moving_var, eps=1e-5, momentum=0.9, training=self.training
        )
        return Y
