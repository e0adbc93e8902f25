"""Gradients with respect to the weights.

Fails: backward: the standard deviation of the gradient at every H, from G
Says: the gradients with respect to the weights are measured
"""


def signal_stds(Ws, X, sigma, G):
    Ws = [W.detach().clone().requires_grad_() for W in Ws]
    H = [X.detach()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.T))
    g = torch.autograd.grad(H[-1], Ws, G) if Ws else ()
    s = lambda t: t.std(correction=0).item()
    return [s(h) for h in H], [*map(s, g), s(G)]
