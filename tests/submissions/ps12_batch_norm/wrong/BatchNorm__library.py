"""A layer of PyTorch inside.

Fails: *
"""

class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.inner = (nn.BatchNorm1d if num_dims == 2 else nn.BatchNorm2d)(num_features, eps=1e-5, momentum=0.1)

    def forward(self, X):
        return self.inner(X)
