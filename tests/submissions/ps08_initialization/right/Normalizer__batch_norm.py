"""F.batch_norm of pictures in a row."""


class Normalizer:
    def __init__(self, X_train):
        self.std, self.mean = torch.std_mean(X_train, (0, 2, 3), correction=0)
        flat = X_train.transpose(0, 1).flatten(1)
        self.std = self.std.where(flat.amax(1) > flat.amin(1), torch.ones_like(self.std))

    def __call__(self, X):
        batch = X.reshape(-1, *X.shape[-3:])
        return nn.functional.batch_norm(batch, self.mean, self.std**2, training=False, eps=0.0).reshape(X.shape)

    def inverse(self, Z):
        return torch.einsum("...chw,c->...chw", Z, self.std) + self.mean.reshape(-1, 1, 1)
