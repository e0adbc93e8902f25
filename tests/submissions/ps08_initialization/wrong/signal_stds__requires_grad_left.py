"""X requires a gradient afterwards.

Fails: leaves no trace: no .grad, no other requires_grad, no other numbers
Says: X.requires_grad is True
"""


def signal_stds(Ws, X, sigma, G):
    H = [X.requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.detach().T))
    gradients = torch.autograd.grad(H[-1], H, G)
    return [h.std(correction=0).item() for h in H], [g.std(correction=0).item() for g in gradients]
