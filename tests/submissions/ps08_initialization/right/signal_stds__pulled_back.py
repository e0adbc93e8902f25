"""torch.func.vjp of each layer; the gradient is pulled back through them, last first."""


def signal_stds(Ws, X, sigma, G):
    spread = lambda t: t.std(correction=0).item()
    H, pulls, forward = X.detach(), [], [spread(X.detach())]
    for W in Ws:
        H, pull = torch.func.vjp(lambda h, W=W.detach(): sigma(h @ W.T), H)
        pulls.append(pull)
        forward.append(spread(H))
    backward = [spread(G)]
    for pull in reversed(pulls):
        (G,) = pull(G)
        backward.insert(0, spread(G))
    return forward, backward
