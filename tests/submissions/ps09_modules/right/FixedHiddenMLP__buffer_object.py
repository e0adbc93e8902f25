"""nn.Buffer, and halving in place on the own intermediate."""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.linear = nn.Linear(num_hiddens, num_hiddens)
        self.rand_weight = nn.Buffer(torch.rand((num_hiddens, num_hiddens)))

    def forward(self, X):
        X = self.linear(X)
        X = F.relu(torch.mm(X, self.rand_weight) + 1)
        X = self.linear(X)
        while X.abs().sum() > 1:
            X /= 2
        return X.sum()
