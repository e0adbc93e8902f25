"""The state is set to zero.

Fails: has the states of the network without truncation
Says: the state is set to zero at a cut
"""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    (H,) = state
    states = []
    for t, X in enumerate(inputs):
        if t > 0 and t % num_steps == 0:
            H = torch.zeros_like(H)
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
