"""By torch.addcmul, which asks for the shift first; the numbers that are kept are updated in place, by lerp_."""


class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.size = [num_features] if num_dims == 2 else [1, num_features, 1, 1]
        self.beta = nn.Parameter(torch.zeros(self.size))
        self.gamma = nn.Parameter(torch.ones(self.size))
        self.register_buffer("moving_var", torch.ones(self.size))
        self.register_buffer("moving_mean", torch.zeros(self.size))

    def forward(self, X):
        mean, var = self.moving_mean, self.moving_var
        if self.training:
            rows = X.transpose(0, 1).flatten(1)
            mean = (rows.sum(1) / rows.shape[1]).reshape(self.size)
            var = ((X - mean) ** 2).transpose(0, 1).flatten(1).mean(1).reshape(self.size)
            self.moving_mean.lerp_(mean.detach(), 0.1)
            self.moving_var.lerp_(var.detach(), 0.1)
        return torch.addcmul(self.beta, self.gamma, (X - mean) * torch.rsqrt(var + 1e-5))
