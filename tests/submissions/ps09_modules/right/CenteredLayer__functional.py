"""Sum over count, without an __init__ of its own."""


class CenteredLayer(nn.Module):
    def forward(self, X):
        return X - X.sum() / X.numel()
