"""In float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().float().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach().float()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses)) if uses else []
