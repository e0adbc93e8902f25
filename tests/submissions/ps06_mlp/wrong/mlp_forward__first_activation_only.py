"""ReLU after the first layer only.

Fails: any number of layers: one, three, four
Says: a ReLU stands after the first layer only
"""

def mlp_forward(X, params):
    H = X @ params[0] + params[1]
    if len(params) > 2:
        H = torch.relu(H)
    for W, b in zip(params[2::2], params[3::2]):
        H = H @ W + b
    return H
