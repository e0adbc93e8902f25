"""The mean as a number: autograd takes it for a constant.

Fails: gradients are right, through the mean as well
Says: the mean was taken for a number
"""


class CenteredLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, X):
        return X - X.mean().item()
