"""Casts to float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = [p.float() for p in params]
    H, inputs = state[0].float(), inputs.float()
    states = []
    for t, X in enumerate(inputs):
        if t > 0 and t % num_steps == 0:
            H = H.detach()
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
