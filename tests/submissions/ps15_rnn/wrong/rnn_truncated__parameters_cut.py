"""The parameters are detached behind the first window.

Fails: the gradients of the parameters sum over all windows
"""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    (H,) = state
    states = []
    for t, X in enumerate(inputs):
        if t > 0 and t % num_steps == 0:
            H, W_xh, W_hh, b_h = H.detach(), W_xh.detach(), W_hh.detach(), b_h.detach()
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), (H,)
