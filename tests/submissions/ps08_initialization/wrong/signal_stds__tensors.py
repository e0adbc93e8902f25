"""Tensors for numbers.

Fails: gives two lists of plain numbers
"""


def signal_stds(Ws, X, sigma, G):
    H = [X.detach().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.detach().T))
    gradients = torch.autograd.grad(H[-1], H, G)
    return [h.std(correction=0).detach() for h in H], [g.std(correction=0).detach() for g in gradients]
