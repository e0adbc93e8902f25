"""The first linear layer is skipped.

Fails: gives the formula's result, for inputs and weights small and large
Says: the linear layer is used once only
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.linear = nn.Linear(num_hiddens, num_hiddens)
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))

    def forward(self, X):
        X = self.linear(F.relu(X @ self.rand_weight + 1))
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
