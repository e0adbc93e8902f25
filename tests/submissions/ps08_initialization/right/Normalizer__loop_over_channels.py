"""Channel by channel, in float64 inside."""


class Normalizer:
    def __init__(self, X_train):
        means, stds = [], []
        for c in range(X_train.shape[1]):
            x = X_train[:, c].double()
            means.append(x.mean())
            stds.append(torch.ones_like(x.mean()) if (x == x.flatten()[0]).all() else ((x - x.mean()) ** 2).mean().sqrt())
        self.mean = torch.stack(means).to(X_train.dtype)
        self.std = torch.stack(stds).to(X_train.dtype)

    def __call__(self, X):
        out = X.clone()
        for c in range(len(self.mean)):
            out[..., c, :, :] = (X[..., c, :, :] - self.mean[c]) / self.std[c]
        return out

    def inverse(self, Z):
        out = Z.clone()
        for c in range(len(self.mean)):
            out[..., c, :, :] = Z[..., c, :, :] * self.std[c] + self.mean[c]
        return out
