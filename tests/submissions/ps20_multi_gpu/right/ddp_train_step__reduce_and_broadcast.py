"""The mean on rank 0, then to all others."""


def ddp_train_step(params, loss, lr):
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.reduce(p.grad, dst=0)
            if dist.get_rank() == 0:
                p.grad /= dist.get_world_size()
            dist.broadcast(p.grad, src=0)
            p.add_(p.grad, alpha=-lr)
