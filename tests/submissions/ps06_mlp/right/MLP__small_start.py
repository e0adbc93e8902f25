"""Weights drawn with deviation 0.01, biases 0; the output layer is made first."""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs, **kwargs):
        super().__init__(**kwargs)
        self.out = torch.nn.Linear(num_hiddens, num_outputs)
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        for layer in (self.hidden, self.out):
            torch.nn.init.normal_(layer.weight, std=0.01)
            torch.nn.init.zeros_(layer.bias)

    def forward(self, X):
        X = X.reshape(X.shape[0], -1)
        return self.out(torch.nn.functional.relu(self.hidden(X)))
