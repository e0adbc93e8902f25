"""Computes in float32.

Fails: keeps the dtype, and takes an x in any memory order
"""


def vjp(f, x, v):
    """The vector-Jacobian product of f at x: sum over i of v_i times the gradient of y_i, in one backward pass.

    f: takes a tensor of the shape of x, returns a tensor y of any shape. x: float, any shape. v: the shape of y.
    Returns: shape and dtype of x; zeros where f(x) does not depend on x. No graph; x and x.grad stay as they are.
    """
    x = x.detach().requires_grad_()
    y = f(x)
    if not y.requires_grad:
        return torch.zeros_like(x)
    (product,) = torch.autograd.grad(y, x, v, materialize_grads=True)
    return product.float().to(x.dtype)
