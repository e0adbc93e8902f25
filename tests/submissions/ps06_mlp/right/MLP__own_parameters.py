"""Parameters of its own, W (in, out)."""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.W1 = torch.nn.Parameter(torch.randn(num_inputs, num_hiddens) * 0.05)
        self.b1 = torch.nn.Parameter(torch.zeros(num_hiddens))
        self.W2 = torch.nn.Parameter(torch.randn(num_hiddens, num_outputs) * 0.05)
        self.b2 = torch.nn.Parameter(torch.zeros(num_outputs))

    def forward(self, X):
        return mlp_forward(torch.flatten(X, 1), [self.W1, self.b1, self.W2, self.b2])
