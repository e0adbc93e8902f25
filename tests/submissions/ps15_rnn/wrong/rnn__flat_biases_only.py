"""Biases (1, h) give another shape.

Fails: takes biases as rows (1, h) and (1, q) as well
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    b_h, b_q = b_h.view(b_h.numel(), *[1] * (b_h.ndim - 1)).squeeze() if b_h.ndim == 1 else b_h.T, b_q
    (H,) = state
    outputs = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h.expand(len(W_hh)))
        outputs.append(H @ W_hq + b_q.expand(W_hq.shape[1]))
    return torch.cat(outputs), (H,)
