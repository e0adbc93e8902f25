"""float32 inside.

Fails: measures in the dtype of the data
"""


def signal_stds(Ws, X, sigma, G):
    H = [X.detach().float().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.detach().float().T))
    gradients = torch.autograd.grad(H[-1], H, G.float())
    return [h.std(correction=0).item() for h in H], [g.std(correction=0).item() for g in gradients]
