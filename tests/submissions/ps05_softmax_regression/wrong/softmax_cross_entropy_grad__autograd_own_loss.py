"""Lets autograd differentiate a loss of its own.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    O = O.detach().clone().requires_grad_()
    loss = -torch.log(torch.softmax(O, dim=1)[range(len(y)), y]).sum()
    return torch.autograd.grad(loss, O)[0]
