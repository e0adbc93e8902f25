"""The slope is the derivative by eta itself; the left end is returned."""


def line_search(f, x, eta_max, num_halvings):
    start = x.detach().clone().requires_grad_()
    g = torch.autograd.grad(f(start), start)[0].detach()
    start = start.detach()
    if bool((g == 0).all()):
        return 0.0
    low, width = 0.0, float(eta_max)
    for _ in range(num_halvings):
        width /= 2
        eta = torch.tensor(low + width, dtype=x.dtype, requires_grad=True)
        slope = torch.autograd.grad(f(start - eta * g), eta)[0]
        if slope.item() < 0:
            low += width
    return low
