"""Computes in float64 and goes back to the dtype of the inputs at the end."""

def gru(inputs, state, params):
    dtype = inputs.dtype
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = [p.double() for p in params]
    H = state[0].double()
    outputs = []
    for X in inputs.double():
        Z = torch.sigmoid(X @ W_xz + H @ W_hz + b_z)
        R = torch.sigmoid(X @ W_xr + H @ W_hr + b_r)
        H = Z * H + (1 - Z) * torch.tanh(X @ W_xh + (R * H) @ W_hh + b_h)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs).to(dtype), (H.to(dtype),)
