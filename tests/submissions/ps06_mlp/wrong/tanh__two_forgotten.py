"""exp(-x) in place of exp(-2x): tanh of half of x.

Fails: equals (1 - exp(-2x)) / (1 + exp(-2x))
Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
Fails: keeps the dtype, and takes entries in any memory order
Fails: leaves its input unchanged
Says: exp(-x) stands where exp(-2x) should
"""

def tanh(x):
    z = torch.exp(torch.where(x >= 0, -x, x))
    return torch.where(x >= 0, 1 - z, z - 1) / (1 + z)
