"""Cuts the graph behind the BatchNorm.

Fails: gradients are right, for inputs and weights
"""


class Cut(nn.Module):
    def forward(self, X):
        return X.detach()


def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), Cut(), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
