"""Works on .data, without no_grad."""


def adam(params, states, hyperparams):
    h = hyperparams
    for k in range(len(params)):
        p, (m, r) = params[k], states[k]
        g = p.grad.detach()
        m.data.copy_(torch.lerp(g, m, h["beta1"]))
        r.data.copy_(torch.lerp(g * g, r, h["beta2"]))
        step = m / (1 - pow(h["beta1"], h["t"]))
        step = step / ((r / (1 - pow(h["beta2"], h["t"]))) ** 0.5 + h["eps"])
        p.data -= h["lr"] * step
        p.grad.data.zero_()
    h.update(t=h["t"] + 1)
