"""One layer too many.

Fails: *
"""

class MLP(torch.nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super().__init__()
        self.hidden1 = torch.nn.Linear(num_inputs, num_hiddens)
        self.hidden2 = torch.nn.Linear(num_hiddens, num_hiddens)
        self.output = torch.nn.Linear(num_hiddens, num_outputs)

    def forward(self, X):
        H = torch.relu(self.hidden2(torch.relu(self.hidden1(X.flatten(1)))))
        return self.output(H)
