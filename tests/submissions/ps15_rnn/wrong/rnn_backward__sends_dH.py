"""Sends dH_t back, not A_t.

Fails: dW_hh is the gradient of the whole loss, through all later steps
Says: a step sends dH_t back alone
"""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    dW_xh, dW_hh, db_h, dX, dnext = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(W_hh[0]), torch.zeros_like(X), torch.zeros_like(H0)
    for t in reversed(range(len(X))):
        A = (dH[t] + dnext) * (1 - H[t] ** 2)
        dW_xh += X[t].T @ A
        dW_hh += (H[t - 1] if t else H0).T @ A
        db_h += A.sum(0)
        dX[t] = A @ W_xh.T
        dnext = dH[t] @ W_hh.T
    return dW_xh, dW_hh, db_h, dX, dnext
