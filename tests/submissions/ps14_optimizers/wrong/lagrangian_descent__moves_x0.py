"""The walker is x0 itself.

Fails: leaves its inputs unchanged
"""


def lagrangian_descent(f, c, x0, eta, num_steps):
    x = x0.detach()
    alpha = torch.zeros_like(c(x))
    for _ in range(num_steps):
        leaf = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(leaf) + alpha @ c(leaf), leaf)
        x -= eta * gradient
        alpha = (alpha + eta * c(x)).clamp(min=0)
    return x, alpha
