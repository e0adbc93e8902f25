"""The same constant for every network.

Fails: rand_weight is uniform in [0, 1), drawn anew for each network, 20×20 if nothing is said
Says: two networks have the same rand_weight
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        torch.manual_seed(1)
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
