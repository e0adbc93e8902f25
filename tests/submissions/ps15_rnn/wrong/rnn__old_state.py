"""The output is made from the old state.

Fails: outputs equal the formulas, for every step and sequence
Says: each output is made from the old state
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        outputs.append(H @ W_hq + b_q)
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
    return torch.cat(outputs), (H,)
