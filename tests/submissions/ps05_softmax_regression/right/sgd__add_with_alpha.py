"""add_ with alpha, decorated with no_grad."""

@torch.no_grad()
def sgd(params, lr, batch_size):
    for w in params:
        w.add_(w.grad, alpha=-lr / batch_size)
        w.grad = torch.zeros_like(w)
