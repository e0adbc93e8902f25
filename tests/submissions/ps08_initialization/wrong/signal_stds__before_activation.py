"""Measured before the activation.

Fails: forward: the standard deviation of X and of every H
Fails: leaves no trace: no .grad, no other requires_grad, no other numbers
Fails: gives two lists of plain numbers
Fails: measures in the dtype of the data
Fails: gives the same when it is called again, and leaves the program as it was
Says: before the activation
"""


def signal_stds(Ws, X, sigma, G):
    H, Z = [X.detach().requires_grad_()], [X]
    for W in Ws:
        Z.append(H[-1] @ W.detach().T)
        H.append(sigma(Z[-1]))
    gradients = torch.autograd.grad(H[-1], H, G)
    return [z.std(correction=0).item() for z in Z], [g.std(correction=0).item() for g in gradients]
