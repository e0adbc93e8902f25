"""With torch.autograd.grad, and the norm written out."""

def gradient_norms(depth, skip, width=32):
    X, weights = deep_stack(depth, width)
    for W in weights:
        out = (X @ W).sigmoid()
        if skip:
            out = out + X
        X = out
    loss = (X**2).sum() / X.numel()
    return [float((g * g).sum() ** 0.5) for g in torch.autograd.grad(loss, weights)]
