"""Always one hidden layer.

Fails: any number of layers: one, three, four
Fails: leaves its inputs unchanged
"""

def mlp_forward(X, params):
    W1, b1, W2, b2 = params
    H = torch.relu(X @ W1 + b1)
    return H @ W2 + b2
