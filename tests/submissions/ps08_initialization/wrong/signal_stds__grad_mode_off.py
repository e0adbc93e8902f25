"""Leaves autograd switched off.

Fails: leaves no trace: no .grad, no other requires_grad, no other numbers
Fails: gives the same when it is called again, and leaves the program as it was
Says: autograd is switched off
"""


def signal_stds(Ws, X, sigma, G):
    torch.set_grad_enabled(True)
    H = [X.detach().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.detach().T))
    gradients = torch.autograd.grad(H[-1], H, G)
    torch.set_grad_enabled(False)
    return [h.std(correction=0).item() for h in H], [g.std(correction=0).item() for g in gradients]
