"""Clones with retained gradients, and backward on them."""


def signal_stds(Ws, X, sigma, G):
    h = X.detach().clone().requires_grad_(True)
    hs = [h]
    for W in Ws:
        h = sigma(torch.matmul(h, W.detach().clone().t()))
        h.retain_grad()
        hs.append(h)
    h.backward(G)
    return [h.detach().std(unbiased=False).item() for h in hs], [h.grad.std(unbiased=False).item() for h in hs]
