"""Keeps eps and momentum as attributes and calls with keywords."""

class BatchNorm(torch.nn.Module):
    def __init__(self, num_features, num_dims, eps=1e-5, momentum=0.9):
        super().__init__()
        shape = {2: (num_features,), 4: (1, num_features, 1, 1)}[num_dims]
        self.eps, self.momentum = eps, momentum
        for name, start in (("gamma", 1.0), ("beta", 0.0)):
            self.register_parameter(name, torch.nn.Parameter(torch.full(shape, start)))
        for name, start in (("moving_mean", 0.0), ("moving_var", 1.0)):
            self.register_buffer(name, torch.full(shape, start))

    def forward(self, X):
        result = batch_norm(
            X=X, gamma=self.gamma, beta=self.beta, moving_mean=self.moving_mean, moving_var=self.moving_var,
            eps=self.eps, momentum=self.momentum, training=self.training,
        )
        self.moving_mean, self.moving_var = result[1:]
        return result[0]
