"""super().__init__() is missing.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X.flatten(1))))
