"""Never talks to the others.

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
            p -= lr * p.grad
