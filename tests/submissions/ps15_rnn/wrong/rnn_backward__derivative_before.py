"""The derivative is 1 − H_{t−1}².

Fails: dW_hh is the gradient of the whole loss, through all later steps
Says: the derivative of tanh is taken as 1 − H_{t−1}²
"""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    states_before = torch.cat([H0[None], H[:-1]])
    A, dnext = torch.empty_like(H), torch.zeros_like(H0)
    for t in reversed(range(len(H))):
        A[t] = (dH[t] + dnext) * (1 - states_before[t] ** 2)
        dnext = A[t] @ W_hh.T
    dW_xh = torch.einsum("tnd,tnh->dh", X, A)
    dW_hh = torch.einsum("tng,tnh->gh", states_before, A)
    return dW_xh, dW_hh, A.sum(dim=(0, 1)), A @ W_xh.T, dnext
