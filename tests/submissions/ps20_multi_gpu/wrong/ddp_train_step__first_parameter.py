"""Averages the gradient of the first parameter only.

Fails: two processes take the step of the averaged gradient
Fails: four processes do so too, step after step
Fails: all processes hold the same parameters afterwards
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        dist.all_reduce(params[0].grad)
        params[0].grad /= dist.get_world_size()
        for p in params:
            p -= lr * p.grad
