"""Computes with .data: no gradient reaches the parameters. (000 §2.1.3)

Fails: gradients reach X and every parameter and are right
"""

def mlp_forward(X, params):
    H = X
    params = [p.data for p in params]
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(H @ W + b)
    return H @ params[-2] + params[-1]
