"""Averages before backward: there is nothing to be averaged yet.

Fails: *
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()
    loss.backward()
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad
