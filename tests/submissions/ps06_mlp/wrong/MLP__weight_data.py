"""Computes with weight.data: no gradient reaches the weights. (000 §2.1.3)

Fails: gradients reach X and every parameter and are right
Fails: reads the digits, white on black and black on white: test accuracy at least 0.9
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        H = torch.relu(X.flatten(1) @ self.hidden.weight.data.T + self.hidden.bias.data)
        return H @ self.output.weight.data.T + self.output.bias
