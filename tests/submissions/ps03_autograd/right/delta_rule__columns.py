"""With samples in columns."""


def delta_rule(X, W1, W2, T):
    W1, W2 = W1.detach(), W2.detach()
    A0, t = X.T, T.T
    A1 = torch.sigmoid(W1 @ A0)
    A2 = torch.sigmoid(W2 @ A1)
    D2 = (A2 - t) * A2 * (1 - A2)
    D1 = (W2.T @ D2) * A1 * (1 - A1)
    return D1 @ A0.T, D2 @ A1.T
