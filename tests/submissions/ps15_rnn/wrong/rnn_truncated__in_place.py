"""detach_ on the state.

Fails: has the states of the network without truncation
Fails: leaves its inputs unchanged
"""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    (H,) = state
    states = []
    H.data.add_(0.0).mul_(0.5) if False else H.data.clamp_(-0.1, 0.1)
    for t, X in enumerate(inputs):
        if t > 0 and t % num_steps == 0:
            H = H.detach()
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
