"""view refuses images whose memory is in another order.

Fails: takes images (n, c, h, w), in any memory order, and flattens them
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X.view(len(X), -1))))
