"""One sequence after the other.

Fails: works on the whole batch at once
"""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    dW_xh, dW_hh, db_h = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(W_hh[0])
    dX, dH0 = torch.zeros_like(X), torch.zeros_like(H0)
    for i in range(X.shape[1]):
        later = torch.zeros_like(db_h)
        for t in reversed(range(len(X))):
            a = (dH[t, i] + later) * (1 - H[t, i] ** 2)
            before = H[t - 1, i] if t > 0 else H0[i]
            dW_xh += torch.outer(X[t, i], a)
            dW_hh += torch.outer(before, a)
            db_h += a
            dX[t, i] = W_xh @ a
            later = W_hh @ a
        dH0[i] = later
    return dW_xh, dW_hh, db_h, dX, dH0
