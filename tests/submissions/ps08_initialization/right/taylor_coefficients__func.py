"""torch.func.grad, again and again."""


def taylor_coefficients(f, order, x0=0.0):
    x = torch.tensor(x0, dtype=torch.float64)
    derivative, result = f, torch.zeros(order + 1, dtype=torch.float64)
    for k in range(order + 1):
        result[k] = derivative(x).detach() / math.factorial(k)
        derivative = torch.func.grad(derivative)
    return result
