"""torch.autograd.grad, and gradients divided before they are summed."""


def ddp_train_step(params, loss, lr):
    n = dist.get_world_size()
    grads = torch.autograd.grad(loss, params)
    for p, g in zip(params, grads):
        g = g / n
        dist.all_reduce(g, op=dist.ReduceOp.SUM)
        p.data.sub_(lr * g)
