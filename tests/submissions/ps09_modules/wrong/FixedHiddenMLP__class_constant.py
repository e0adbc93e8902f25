"""One constant for all networks, in the class.

Fails: rand_weight is uniform in [0, 1), drawn anew for each network, 20×20 if nothing is said
"""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        constants = FixedHiddenMLP.__dict__.get("constants") or {}
        FixedHiddenMLP.constants = constants
        self.register_buffer("rand_weight", constants.setdefault(num_hiddens, torch.rand(num_hiddens, num_hiddens)))
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()
