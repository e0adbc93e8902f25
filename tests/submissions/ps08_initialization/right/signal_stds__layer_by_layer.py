"""Each layer is differentiated alone; deviations by hand."""


def signal_stds(Ws, X, sigma, G):
    def spread(t):
        return float(((t - t.mean()) ** 2).mean() ** 0.5)

    inputs, h = [], X.detach()
    for W in Ws:
        inputs.append(h)
        h = sigma(h @ W.detach().T).detach()
    forward, backward, g = [spread(t) for t in inputs] + [spread(h)], [spread(G)], G
    for W, h in zip(reversed(list(Ws)), reversed(inputs)):
        h = h.clone().requires_grad_()
        g = torch.autograd.grad(sigma(h @ W.detach().T), h, g)[0]
        backward = [spread(g)] + backward
    return forward, backward
