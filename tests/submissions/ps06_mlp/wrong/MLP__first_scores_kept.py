"""Keeps the scores of the first call.

Fails: gives the same when it is called again, also for other numbers of samples
Fails: reads the digits, white on black and black on white: test accuracy at least 0.9
Fails: gradients reach X and every parameter and are right
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(num_inputs, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)
        self.scores = {}

    def forward(self, X):
        if X.shape not in self.scores:
            self.scores[X.shape] = self.output(torch.relu(self.hidden(X.flatten(1))))
        return self.scores[X.shape]
