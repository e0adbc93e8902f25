"""Gives the parameters new memory through .data.

Fails: gradients from before do not count; parameters stay leaves in their memory
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    for p in params:
        dist.all_reduce(p.grad)
        p.data = p.data - lr / dist.get_world_size() * p.grad
