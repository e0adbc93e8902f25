"""One backward pass for each entry of y.

Fails: makes one backward pass
Says: backward passes; one is enough
"""


def vjp(f, x, v):
    x = x.detach().requires_grad_()
    y = f(x)
    total = torch.zeros_like(x)
    if y.requires_grad:
        for y_i, v_i in zip(y.reshape(-1), v.reshape(-1)):
            total = total + v_i * torch.autograd.grad(y_i, x, retain_graph=True, materialize_grads=True)[0]
    return total.detach()
