"""A Parameter without gradient.

Fails: rand_weight is a buffer, in state_dict() and no parameter; the parameters are those of linear
Says: that are not trained: rand_weight
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.rand_weight = nn.Parameter(torch.rand(num_hiddens, num_hiddens), requires_grad=False)
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
