"""backward() on a leaf of its own."""


def vjp(f, x, v):
    leaf = x.detach().clone()
    leaf.requires_grad = True
    y = f(leaf)
    if y.grad_fn is None and not y.requires_grad:
        return torch.zeros_like(leaf).detach()
    y.backward(v)
    return torch.zeros_like(x) if leaf.grad is None else leaf.grad
