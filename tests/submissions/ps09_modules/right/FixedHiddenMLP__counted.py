"""Counts the halvings first."""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.register_buffer("rand_weight", torch.rand(num_hiddens, num_hiddens))
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        Y = self.linear(torch.relu(self.linear(X) @ self.rand_weight + 1))
        size, times = Y.detach().abs().sum().item(), 0
        while size > 1:
            size, times = size / 2, times + 1
        return (Y / 2**times).sum()
