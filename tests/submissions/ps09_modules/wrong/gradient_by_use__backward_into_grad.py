"""Calls backward on the caller's W.

Fails: takes a Parameter, leaves its .grad alone, and gives shares without a graph
Says: W.grad, which was None, is another
"""


def gradient_by_use(W, X, G, num_uses):
    uses = [W.detach().clone().requires_grad_() for _ in range(num_uses)]
    H = X.detach()
    for use in uses:
        H = torch.tanh(H @ use)
    if uses:
        (H * G).sum().backward()
    if W.requires_grad and uses:
        W.grad = sum(use.grad for use in uses)
    return [use.grad for use in uses]
