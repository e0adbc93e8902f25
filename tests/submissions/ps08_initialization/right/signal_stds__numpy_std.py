"""NumPy measures."""


def signal_stds(Ws, X, sigma, G):
    import numpy as np

    with torch.enable_grad():
        hs = [X.detach().requires_grad_()]
        for W in Ws:
            hs.append(sigma(nn.functional.linear(hs[-1], W)))
        gs = torch.autograd.grad(hs[-1], hs, grad_outputs=G)
    return [float(np.std(h.detach().numpy())) for h in hs], [float(np.std(g.numpy())) for g in gs]
