"""The mean is taken under no_grad.

Fails: gradients are right, through the mean as well
"""


class CenteredLayer(nn.Module):
    def forward(self, X):
        with torch.no_grad():
            mean = X.mean()
        return X - mean
