"""Through g first.

Fails: first comes the gradient through f, with g held constant
Fails: then comes the gradient through g, with f held constant
Fails: gives zeros through a factor that is a constant
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Says: the two are exchanged
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

    return through(g, f), through(f, g)
