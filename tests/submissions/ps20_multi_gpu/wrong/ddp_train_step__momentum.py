"""The optimizer is kept and has momentum.

Fails: four processes do so too, step after step
"""

_opt = []
def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()
    if not _opt:
        _opt.append(torch.optim.SGD(params, lr=lr, momentum=0.9))
    _opt[0].step()
