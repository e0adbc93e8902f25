"""Stops at the last hidden layer.

Fails: *
Says: the last layer is missing
"""

def mlp_forward(X, params):
    H = X
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H
