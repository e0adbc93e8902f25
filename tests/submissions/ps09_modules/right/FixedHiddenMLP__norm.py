"""The sum of absolute values as a 1-norm."""


class FixedHiddenMLP(nn.Module):
    def __init__(self, num_hiddens=20):
        super().__init__()
        self.register_buffer("rand_weight", torch.empty(num_hiddens, num_hiddens).uniform_())
        self.linear = nn.Linear(num_hiddens, num_hiddens)

    def forward(self, X):
        H = (self.linear(X) @ self.rand_weight + 1).clamp(min=0)
        Y = self.linear(H)
        while torch.linalg.vector_norm(Y, 1) > 1:
            Y = 0.5 * Y
        return torch.sum(Y)
