"""A loop over the samples.

Fails: treats all samples at once
"""


def delta_rule(X, W1, W2, T):
    W1, W2 = W1.detach(), W2.detach()
    G1, G2 = torch.zeros_like(W1), torch.zeros_like(W2)
    for x, t in zip(X, T):
        h = torch.sigmoid(W1 @ x)
        o = torch.sigmoid(W2 @ h)
        e = (o - t) * o * (1 - o)
        b = (W2.T @ e) * h * (1 - h)
        G1 = G1 + torch.outer(b, x)
        G2 = G2 + torch.outer(e, h)
    return G1, G2
