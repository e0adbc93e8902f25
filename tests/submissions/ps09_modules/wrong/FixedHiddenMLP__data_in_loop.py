"""Halves .data: the gradient knows nothing of it.

Fails: the gradient of X is right
Fails: the gradients of linear hold both of its uses; other calls and a second network change nothing
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
        while X.abs().sum() > 1:
            X.data /= 2
        return X.sum()
