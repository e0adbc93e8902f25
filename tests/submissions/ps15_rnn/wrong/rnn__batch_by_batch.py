"""Rows are ordered sequence by sequence.

Fails: outputs equal the formulas, for every step and sequence
Says: the rows are ordered sequence by sequence
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return torch.stack(outputs, dim=1).flatten(0, 1), (H,)
