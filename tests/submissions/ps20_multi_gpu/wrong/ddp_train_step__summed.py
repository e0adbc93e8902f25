"""Forgets to average.

Fails: two processes take the step of the averaged gradient
Fails: four processes do so too, step after step
"""


def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            p -= lr * p.grad
