"""NumPy writes into the memory of the tensors."""


def adagrad(params, states, hyperparams):
    for p, s in zip(params, states):
        g, x, s = p.grad.numpy(), p.detach().numpy(), s.numpy()
        s += g**2
        x -= hyperparams["lr"] * g / (s + hyperparams["eps"]) ** 0.5
        g[...] = 0
