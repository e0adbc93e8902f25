"""Clears the gradients that it has left, and those that were there.

Fails: leaves no trace: no .grad, no other requires_grad, no other numbers
"""


def signal_stds(Ws, X, sigma, G):
    H = [X.detach().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.T))
        H[-1].retain_grad()
    H[-1].backward(G)
    for W in Ws:
        W.grad = None
    return [h.std(correction=0).item() for h in H], [h.grad.std(correction=0).item() for h in H]
