"""A tuple.

Fails: returns a list
Says: a list was expected
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return torch.autograd.grad((H * G).sum(), uses) if uses else []
