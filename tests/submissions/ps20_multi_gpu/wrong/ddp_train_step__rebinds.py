"""`p = p - …` makes a new tensor that is forgotten at once.

Fails: *
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            p = p - lr / dist.get_world_size() * p.grad
