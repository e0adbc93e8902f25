"""Freezes the caller's W.

Fails: takes a Parameter, leaves its .grad alone, and gives shares without a graph
Says: W does not require a gradient any more
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    W.requires_grad_(False)
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses)) if uses else []
