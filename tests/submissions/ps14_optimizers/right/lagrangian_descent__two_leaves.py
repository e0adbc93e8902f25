"""Two leaves and backward()."""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone().requires_grad_()
    alpha = torch.zeros(c(x).shape, dtype=x.dtype, requires_grad=True)
    for _ in range(num_steps):
        x.grad = None
        (f(x) + torch.dot(alpha.detach(), c(x))).backward()
        with torch.no_grad():
            x.sub_(eta * x.grad)
            alpha.add_(eta * c(x)).clamp_(min=0)
    return x.detach(), alpha.detach()
