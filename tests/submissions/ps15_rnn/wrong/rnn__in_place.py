"""Writes the new state into the old one.

Fails: gradients are right, and reach inputs, state and all parameters
Fails: leaves its inputs unchanged
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        H.data[:] = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
