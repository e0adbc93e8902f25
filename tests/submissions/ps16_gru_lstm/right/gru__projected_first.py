"""All products with the inputs at once before the loop, the output layer at once after it."""

def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    H = state[0]
    from_input = [inputs @ W_xz + b_z, inputs @ W_xr + b_r, inputs @ W_xh + b_h]
    hiddens = []
    for x_z, x_r, x_h in zip(*from_input):
        Z = (x_z + H @ W_hz).sigmoid()
        R = (x_r + H @ W_hr).sigmoid()
        candidate = (x_h + (R * H) @ W_hh).tanh()
        H = candidate + Z * (H - candidate)
        hiddens.append(H)
    return torch.stack(hiddens).reshape(-1, H.shape[1]) @ W_hq + b_q, (H,)
