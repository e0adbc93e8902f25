"""The layers in a plain list: not registered.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.layers = [torch.nn.Linear(num_inputs, num_hiddens), torch.nn.Linear(num_hiddens, num_outputs)]

    def forward(self, X):
        return self.layers[1](torch.relu(self.layers[0](X.flatten(1))))
