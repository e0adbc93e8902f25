"""Rebuilds the result from numbers: no graph.

Fails: gradients are right
"""

def cross_entropy(y_hat, y):
    return torch.tensor(-torch.log(y_hat[range(len(y)), y]).detach().numpy())
