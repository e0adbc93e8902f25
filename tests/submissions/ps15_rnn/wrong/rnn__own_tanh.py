"""Its own tanh overflows.

Fails: stays finite for sums of any size
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        S = X @ W_xh + H @ W_hh + b_h
        H = (S.exp() - (-S).exp()) / (S.exp() + (-S).exp())
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
