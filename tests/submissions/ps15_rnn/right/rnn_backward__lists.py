"""Lists that are stacked at the end."""


def rnn_backward(dH, X, H0, H, W_xh, W_hh):
    states = [H0, *H]
    inner, carry = [], torch.zeros_like(H0)
    for d, h in zip(reversed(dH), reversed(states)):
        a = (d + carry).mul(1 - h.square())
        inner.insert(0, a)
        carry = a.matmul(W_hh.t())
    dW_xh = sum(x.t().matmul(a) for x, a in zip(X, inner))
    dW_hh = sum(h.t().matmul(a) for h, a in zip(states, inner))
    dX = torch.stack([a.matmul(W_xh.t()) for a in inner])
    return [dW_xh, dW_hh, sum(a.sum(0) for a in inner), dX, carry]
