"""One leaf for all uses: each gets the whole gradient.

Fails: gives the share of each use, first use first
Says: each use is given the whole gradient
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_()] * num_uses
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses)) if uses else []
