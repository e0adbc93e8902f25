"""Collects all losses, and goes back once."""


def accumulate_grad(loss, w, batches):
    losses = torch.cat([loss(w, X, y) for X, y in batches])
    w.grad = None
    losses.mean().backward()
