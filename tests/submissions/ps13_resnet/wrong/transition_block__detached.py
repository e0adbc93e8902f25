"""Cuts the graph between convolution and pooling.

Fails: gradients are right, for inputs and weights
"""


class Cut(nn.Module):
    def forward(self, X):
        return X.detach()


def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), Cut(), nn.AvgPool2d(kernel_size=2, stride=2))
