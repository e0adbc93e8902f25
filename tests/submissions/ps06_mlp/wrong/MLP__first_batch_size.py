"""Keeps the number of samples of the first call for all later ones.

Fails: gives the same when it is called again, also for other numbers of samples
Fails: reads the digits, white on black and black on white: test accuracy at least 0.9
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)
        self.num_samples = None

    def forward(self, X):
        if self.num_samples is None:
            self.num_samples = len(X)
        return self.output(torch.relu(self.hidden(X.reshape(self.num_samples, -1))))
