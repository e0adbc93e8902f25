"""A new leaf at each cut."""


def rnn_truncated(inputs, state, params, num_steps):
    W_xh, W_hh, b_h = params
    H = state[0]
    states = torch.empty(0, *H.shape, dtype=H.dtype, device=H.device)
    for t, X in enumerate(inputs):
        before = H if t % num_steps or t == 0 else H.data.clone()
        H = torch.tanh(torch.addmm(b_h, X, W_xh) + before @ W_hh)
        states = torch.cat([states, H[None]])
    return states, [states[-1]]
