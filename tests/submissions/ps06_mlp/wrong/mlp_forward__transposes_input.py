"""Transposes the input in place.

Fails: gradients reach X and every parameter and are right
Fails: leaves its inputs unchanged
"""

def mlp_forward(X, params):
    H = X.t_()
    for W, b in zip(params[:-2:2], params[1:-2:2]):
        H = torch.relu(W.T @ H + b[:, None])
    return (params[-2].T @ H + params[-1][:, None]).T
