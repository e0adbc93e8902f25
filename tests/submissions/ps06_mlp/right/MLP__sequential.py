"""Flatten, Linear, ReLU and Linear in a Sequential. (000 §1.4.2)"""

from torch import nn

class MLP(nn.Module):
    def __init__(self, num_inputs, num_hiddens, num_outputs):
        super(MLP, self).__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(num_inputs, num_hiddens), nn.ReLU(), nn.Linear(num_hiddens, num_outputs))

    def forward(self, X):
        return self.net(X)
