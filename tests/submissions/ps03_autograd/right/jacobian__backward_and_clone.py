"""backward() for each row, cleared before, cloned after."""


def jacobian(f, x):
    leaf = x.detach().clone().requires_grad_(True)
    y = f(leaf)
    J = torch.zeros(y.shape[0], leaf.shape[0], dtype=x.dtype, device=x.device)
    if y.requires_grad:
        for i in range(y.shape[0]):
            leaf.grad = None
            y[i].backward(retain_graph=True)
            if leaf.grad is not None:
                J[i] = leaf.grad
    return J
