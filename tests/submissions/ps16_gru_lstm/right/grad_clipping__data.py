"""Through p.grad.data, with plain numbers."""

def grad_clipping(params, theta):
    total = 0.0
    for p in params:
        if p.grad is not None:
            total += float(torch.sum(p.grad.data * p.grad.data))
    total = total ** 0.5
    if total > theta:
        for p in params:
            if p.grad is not None:
                p.grad.data *= theta / total
    return total
