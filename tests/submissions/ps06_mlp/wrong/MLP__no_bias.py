"""The layers have no bias.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens, bias=False)
        self.output = torch.nn.Linear(num_hiddens, num_outputs, bias=False)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X.flatten(1))))
