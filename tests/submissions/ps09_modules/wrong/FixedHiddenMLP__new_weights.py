"""New weights in each call.

Fails: gives the formula's result, for inputs and weights small and large
Fails: the gradient of X is right
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(X @ torch.rand_like(self.rand_weight) + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
