"""Only rank 0 makes the step.

Fails: two processes take the step of the averaged gradient
Fails: four processes do so too, step after step
Fails: all processes hold the same parameters afterwards
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            if dist.get_rank() == 0:
                p -= lr / dist.get_world_size() * p.grad
