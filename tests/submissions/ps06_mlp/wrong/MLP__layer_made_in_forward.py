"""The output layer is made anew in every call.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.sizes = num_hiddens, num_outputs
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)

    def forward(self, X):
        return torch.nn.Linear(*self.sizes)(torch.relu(self.hidden(X.flatten(1))))
