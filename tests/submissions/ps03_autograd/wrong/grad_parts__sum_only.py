"""Returns the sum of the two.

Fails: *
"""


def grad_parts(f, g, x):
    """The gradient of sum(f(x) * g(x)) through f alone, and through g alone.

    f, g: take and return tensors (n,); either may be a constant without a graph. x: (n,) float.
    Returns: (through f with g held constant, through g with f held constant), each with shape and dtype of x. No graph.
    """
    x = x.detach().requires_grad_()

    def through(moving, held):
        s = (moving(x) * held(x).detach()).sum()
        return torch.autograd.grad(s, x)[0] if s.requires_grad else torch.zeros_like(x)

    return through(f, g) + through(g, f)
