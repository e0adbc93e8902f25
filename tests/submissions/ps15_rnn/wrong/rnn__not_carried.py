"""Every step goes out from the state that was handed in.

Fails: outputs equal the formulas, for every step and sequence
Fails: starts from the state it is given and returns the one after the last step
Says: every step goes out from the state that was handed in
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []
    for X in inputs:
        new = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(new @ W_hq + b_q)
    return torch.cat(outputs), (H,)
