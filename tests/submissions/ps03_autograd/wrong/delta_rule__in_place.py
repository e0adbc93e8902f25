"""Scales X in place, and back.

Fails: leaves its inputs unchanged
"""


def delta_rule(X, W1, W2, T):
    """Gradients of a network with two sigmoid layers and half the sum of squared errors, by hand.

    X: (n, d) float, one sample a row. W1: (h, d). W2: (k, h). T: (n, k) targets. All are left unchanged.
    Returns: (gradient of E by W1 (h, d), gradient of E by W2 (k, h)), dtype and device of X. No autograd, no graph.
    """
    W1, W2 = W1.detach(), W2.detach()
    T -= 0.5
    T = T + 0.5
    H = torch.sigmoid(X @ W1.T)
    O = torch.sigmoid(H @ W2.T)
    delta_out = (O - T) * O * (1 - O)
    delta_hidden = delta_out @ W2 * H * (1 - H)
    return delta_hidden.T @ X, delta_out.T @ H
