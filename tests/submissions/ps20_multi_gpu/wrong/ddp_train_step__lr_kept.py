"""The learning rate of the first step.

Fails: four processes do so too, step after step
"""

_lr = []
def ddp_train_step(params, loss, lr):
    _lr.append(lr)
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            p -= _lr[0] / dist.get_world_size() * p.grad
