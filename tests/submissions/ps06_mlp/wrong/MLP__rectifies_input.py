"""An in-place ReLU on the input.

Fails: flatten, linear, ReLU, linear: equals the reference with its weights
Fails: gradients reach X and every parameter and are right
Fails: leaves its input unchanged
Says: there is a ReLU on the input
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        X = X.flatten(1).relu_()
        return self.output(torch.relu(self.hidden(X.flatten(1))))
