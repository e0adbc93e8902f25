"""Switches autograd off and leaves it so.

Fails: gives the same when it is called again, and leaves the program as it was
"""

def allreduce(data):
    torch.set_grad_enabled(False)
    total, *others = data
    for x in others:
        total += x.to(total.device)
    for x in others:
        x.copy_(total)
