"""Halves at exactly 1, too.

Fails: a sum of exactly 1 is not halved
Says: where the absolute values add up to exactly 1
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)
        while X.abs().sum() > 1 - 1e-6:
            X = X / 2
        return X.sum()
