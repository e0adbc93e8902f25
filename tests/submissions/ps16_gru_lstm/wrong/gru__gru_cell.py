"""Lets nn.GRUCell do one step.

Fails: *
"""

def gru(inputs, state, params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    cell = torch.nn.GRUCell(inputs.shape[2], len(b_z)).to(inputs)
    H, outputs = state[0], []
    for X in inputs:
        H = cell(X, H)
        outputs.append(H @ W_hq + b_q)
    return torch.cat(outputs), (H,)
