"""A module with buffers, flattened pictures and torch.where."""


class Normalizer(nn.Module):
    def __init__(self, X_train):
        super().__init__()
        c = X_train.shape[1]
        flat = X_train.transpose(0, 1).reshape(c, -1)
        mean, std = flat.mean(1), flat.var(1, unbiased=False).sqrt()
        same = flat.max(1).values == flat.min(1).values
        self.register_buffer("mean", mean)
        self.register_buffer("std", torch.where(same, torch.ones_like(std), std))

    def forward(self, X):
        return (X - self.mean.view(-1, 1, 1)) / self.std.view(-1, 1, 1)

    def inverse(self, Z):
        return Z * self.std.view(-1, 1, 1) + self.mean.view(-1, 1, 1)
