"""backward(), which writes into the weights.

Fails: leaves no trace: no .grad, no other requires_grad, no other numbers
Says: leaves a .grad
"""


def signal_stds(Ws, X, sigma, G):
    H = [X.detach().requires_grad_()]
    for W in Ws:
        H.append(sigma(H[-1] @ W.T))
        H[-1].retain_grad()
    H[-1].backward(G)
    return [h.std(correction=0).item() for h in H], [h.grad.std(correction=0).item() for h in H]
