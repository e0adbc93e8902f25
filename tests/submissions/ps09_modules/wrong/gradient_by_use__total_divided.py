"""The whole gradient, divided by the number of uses. (001)

Fails: gives the share of each use, first use first
Says: the whole gradient is divided by the number of uses
"""


def gradient_by_use(W, X, G, num_uses):
    if num_uses == 0:
        return []
    W = W.detach().clone().requires_grad_()
    H = X
    for _ in range(num_uses):
        H = torch.tanh(H @ W)
    (gradient,) = torch.autograd.grad((H * G).sum(), W)
    return [gradient / num_uses] * num_uses
