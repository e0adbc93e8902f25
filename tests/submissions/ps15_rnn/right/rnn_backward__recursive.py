"""One step, and the rest by itself."""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    if len(H) == 0:
        zeros = torch.zeros_like
        return zeros(W_xh), zeros(W_hh), zeros(W_hh[0]), zeros(X), torch.zeros_like(H0)
    a, b, c, dX, d_first = rnn_backward(dH[1:], X[1:], H[0], H[1:], W_xh, W_hh)
    A = (dH[0] + d_first) * (1 - H[0] ** 2)
    return X[0].T @ A + a, H0.T @ A + b, A.sum(0) + c, torch.cat([(A @ W_xh.T)[None], dX]), A @ W_hh.T
