"""Gradients are clipped.

Fails: two processes take the step of the averaged gradient
Fails: gradients from before do not count; parameters stay leaves in their memory
"""

def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in params:
            dist.all_reduce(p.grad)
            g = (p.grad / dist.get_world_size()).clamp(-1, 1)
            p -= lr * g
