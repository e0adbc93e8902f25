"""Returns the gradient and leaves w.grad alone.

Fails: *
"""


def accumulate_grad(loss, w, batches):
    losses = torch.cat([loss(w, X, y) for X, y in batches])
    return torch.autograd.grad(losses.mean(), w)[0]
