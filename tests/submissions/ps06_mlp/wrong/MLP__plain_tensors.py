"""Plain tensors that require a gradient: not registered.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.params = init_params([num_inputs, num_hiddens, num_outputs], 0.1)

    def forward(self, X):
        return mlp_forward(X.flatten(1), self.params)
