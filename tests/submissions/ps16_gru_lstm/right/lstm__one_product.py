"""All four sums as one product, cut into four."""

def lstm(inputs, state, params):
    W_x, W_h, b = (torch.cat(params[i:12:3], dim=-1) for i in range(3))
    H, C = state
    hiddens = []
    for X in inputs:
        i, f, o, c = (X @ W_x + H @ W_h + b).chunk(4, dim=1)
        C = f.sigmoid() * C + i.sigmoid() * c.tanh()
        H = o.sigmoid() * C.tanh()
        hiddens.append(H)
    return torch.cat(hiddens) @ params[12] + params[13], (H, C)
