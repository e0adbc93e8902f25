"""Lets nn.RNNCell do the steps.

Fails: outputs equal the formulas, for every step and sequence
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H, outputs = state[0], []
    for X in inputs:
        H = torch.rnn_tanh_cell(X, H, W_xh.T, W_hh.T, b_h.reshape(-1), 0 * b_h.reshape(-1))
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
