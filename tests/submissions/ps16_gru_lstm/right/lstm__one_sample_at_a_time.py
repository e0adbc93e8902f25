"""Loops over the sequences as well, and returns the state as a list."""

def lstm(inputs, state, params):
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    hs, cs = list(state[0]), list(state[1])
    outputs = []
    for X in inputs:
        for k in range(X.shape[0]):
            x, h = X[k], hs[k]
            i = torch.sigmoid(x @ W_xi + h @ W_hi + b_i)
            f = torch.sigmoid(x @ W_xf + h @ W_hf + b_f)
            o = torch.sigmoid(x @ W_xo + h @ W_ho + b_o)
            cs[k] = f * cs[k] + i * torch.tanh(x @ W_xc + h @ W_hc + b_c)
            hs[k] = o * torch.tanh(cs[k])
            outputs.append(hs[k] @ W_hq + b_q)
    return torch.stack(outputs), [torch.stack(hs), torch.stack(cs)]
