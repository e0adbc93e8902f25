"""Regroups with view, which refuses samples in another memory order.

Fails: keeps the dtype, and takes samples in any memory order
"""

def mlp_forward(X, params):
    H = X.view(-1).view(-1, params[0].shape[0])
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H @ params[-2] + params[-1]
