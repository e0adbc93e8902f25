"""No use at all crashes.

Fails: gives an empty list for no use
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    return list(torch.autograd.grad((H * G).sum(), uses))
