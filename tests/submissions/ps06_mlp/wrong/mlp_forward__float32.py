"""The dtype changes.

Fails: gradients reach X and every parameter and are right
Fails: keeps the dtype, and takes samples in any memory order
"""

def mlp_forward(X, params):
    H = X.float()
    params = [p.float() for p in params]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H @ params[-2] + params[-1]
