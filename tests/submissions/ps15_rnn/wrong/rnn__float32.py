"""Casts to float32.

Fails: gradients are right, and reach inputs, state and all parameters
"""


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = [p.float() for p in params]
    H, inputs = state[0].float(), inputs.float()
    outputs = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
