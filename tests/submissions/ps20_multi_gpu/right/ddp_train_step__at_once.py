"""All all-reduces begin at once; then an optimizer steps."""


def ddp_train_step(params, loss, lr):
    opt = torch.optim.SGD(params, lr=lr)
    opt.zero_grad()
    loss.backward()
    works = [dist.all_reduce(p.grad, async_op=True) for p in params]
    for w, p in zip(works, params):
        w.wait()
        p.grad /= dist.get_world_size()
    opt.step()
