"""Columns by the double-backward trick: the derivative of vᵀJ by v."""


def jacobian(f, x):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    if not y.requires_grad:
        return torch.zeros(y.shape[0], x.shape[0], dtype=x.dtype)
    v = torch.zeros_like(y).requires_grad_()
    (product,) = torch.autograd.grad(y, leaf, v, create_graph=True, materialize_grads=True)
    if not product.requires_grad:  # the graph of y does not lead to x
        return torch.zeros(y.shape[0], x.shape[0], dtype=x.dtype)
    columns = [torch.autograd.grad(p, v, retain_graph=True, materialize_grads=True)[0] for p in product]
    return torch.stack(columns, dim=1)
