"""Lets autograd differentiate the library's cross-entropy.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    O = O.detach().clone().requires_grad_()
    torch.nn.functional.cross_entropy(O, y, reduction="sum").backward()
    return O.grad
