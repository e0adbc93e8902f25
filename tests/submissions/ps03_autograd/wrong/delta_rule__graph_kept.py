"""Nothing is detached.

Fails: gives plain numbers without a graph, where what it is given requires a gradient, too
Says: where W1 and W2 require a gradient
"""


def delta_rule(X, W1, W2, T):
    H = torch.sigmoid(X @ W1.T)
    O = torch.sigmoid(H @ W2.T)
    delta_out = (O - T) * O * (1 - O)
    delta_hidden = delta_out @ W2 * H * (1 - H)
    return delta_hidden.T @ X, delta_out.T @ H
