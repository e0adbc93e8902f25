"""ReLU after the last layer as well. (003 §8.3)

Fails: nothing after the last layer
Says: there is a ReLU on the output
"""

def mlp_forward(X, params):
    for W, b in zip(params[::2], params[1::2]):
        X = torch.relu(X @ W + b)
    return X
