"""Outer products of each sample, summed over the batch."""


def delta_rule(X, W1, W2, T):
    W1, W2 = W1.detach(), W2.detach()
    sigmoid = lambda z: 1 / (1 + torch.exp(-z))
    H = sigmoid(X @ W1.t())
    O = sigmoid(H @ W2.t())
    e = (O - T) * (O - O * O)
    b = (H - H * H) * (e @ W2)
    G1 = (b[:, :, None] * X[:, None, :]).sum(dim=0)
    G2 = (e[:, :, None] * H[:, None, :]).sum(dim=0)
    return [G1, G2]
