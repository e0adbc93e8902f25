"""Clears the caller's gradient.

Fails: takes a Parameter, leaves its .grad alone, and gives shares without a graph
Says: W.grad, which was an old gradient, is another
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    W.grad = None
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses)) if uses else []
