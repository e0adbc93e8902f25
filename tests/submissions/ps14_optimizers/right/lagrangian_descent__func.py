"""torch.func.grad of the Lagrangian, torch.relu for the multipliers."""


def lagrangian_descent(f, c, x0, eta, num_steps):
    L = lambda x, alpha: f(x) + (alpha * c(x)).sum()
    x = x0.detach().clone()
    alpha = x.new_zeros(len(c(x)))
    for _ in range(num_steps):
        x = x - eta * torch.func.grad(L)(x, alpha)
        alpha = torch.relu(alpha + eta * torch.func.grad(L, argnums=1)(x, alpha))
    return x, alpha
