"""The last bias is left out.

Fails: *
Says: the last bias is left out
"""

def mlp_forward(X, params):
    H = X
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H @ params[-2]
