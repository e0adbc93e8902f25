"""Gradient of f and Jacobian of c, put together by hand."""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach().clone()
    alpha = 0 * c(x)
    for _ in range(num_steps):
        J = torch.autograd.functional.jacobian(c, x)
        g = torch.autograd.functional.jacobian(f, x)
        x = x - eta * (g + alpha @ J)
        alpha = torch.maximum(torch.zeros_like(alpha), alpha + eta * c(x))
    return (x, alpha)
