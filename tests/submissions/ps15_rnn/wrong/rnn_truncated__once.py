"""Cut once only.

Fails: a gradient reaches the inputs of its own window only, and the first state through the first
Says: the graph is cut once
"""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    (H,) = state
    states = []
    for t, X in enumerate(inputs):
        if t == num_steps:
            H = H.detach()
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
