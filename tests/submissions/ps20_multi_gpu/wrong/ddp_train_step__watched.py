"""Steps while autograd watches.

Fails: *
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    for p in params:
        dist.all_reduce(p.grad)
        p -= lr / dist.get_world_size() * p.grad
