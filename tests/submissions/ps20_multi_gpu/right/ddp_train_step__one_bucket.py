"""All gradients in one message; the step by torch.optim.SGD."""


def ddp_train_step(params, loss, lr):
    optimizer = torch.optim.SGD(params, lr=lr)
    optimizer.zero_grad()
    loss.backward()
    bucket = torch.cat([p.grad.reshape(-1) for p in params])
    dist.all_reduce(bucket)
    bucket /= dist.get_world_size()
    for p, g in zip(params, bucket.split([p.numel() for p in params])):
        p.grad.copy_(g.view_as(p))
    optimizer.step()
