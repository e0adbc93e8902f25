"""One column of weights after the other: loops over units, none over samples."""

def mlp_backward(X, y, params, weight_decay):
    Hs, Zs = [X], []
    for i in range(0, len(params), 2):
        Zs.append(torch.addmm(params[i + 1], Hs[-1], params[i]))
        Hs.append(Zs[-1].relu())
    p = Zs[-1].softmax(-1)
    for k in range(p.shape[1]):
        p[:, k] -= (y == k).to(p.dtype)
    delta, out = p / X.shape[0], {}
    for i in reversed(range(0, len(params), 2)):
        columns = [(Hs[i // 2] * delta[:, j : j + 1]).sum(0) + weight_decay * params[i][:, j] for j in range(delta.shape[1])]
        out[i], out[i + 1] = torch.stack(columns, dim=1), torch.stack([delta[:, j].sum() for j in range(delta.shape[1])])
        if i:
            delta = (delta @ params[i].t()).masked_fill(Zs[i // 2 - 1] <= 0, 0)
    return [out[i] for i in range(len(params))]
