"""Divides by two.

Fails: four processes do so too, step after step
Fails: gradients from before do not count; parameters stay leaves in their memory
"""

def ddp_train_step(params, loss, lr):
    for p in params:
        p.grad = None
    loss.backward()
    torch.set_grad_enabled(False)
    for p in params:
        dist.all_reduce(p.grad)
        p -= lr / dist.get_world_size() * p.grad
