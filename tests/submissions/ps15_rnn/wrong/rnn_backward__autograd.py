"""Lets autograd do it.

Fails: dW_hh is the gradient of the whole loss, through all later steps
"""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    with torch.enable_grad():
        X, H0, W_xh, W_hh = (t.detach().clone().requires_grad_() for t in (X, H0, W_xh, W_hh))
        total, state, shifts = 0, H0, []
        for t in range(len(X)):
            inner = X[t] @ W_xh + state @ W_hh
            shift = (torch.atanh(H[t].double()) - inner.double()).detach().to(inner).requires_grad_()
            shifts.append(shift)
            state = torch.tanh(inner + shift)
            total = total + (state * dH[t]).sum()
        dW_xh, dW_hh, dX, dH0, *ds = torch.autograd.grad(total, [W_xh, W_hh, X, H0, *shifts])
    return dW_xh, dW_hh, sum(d.sum(0) for d in ds), dX, dH0
