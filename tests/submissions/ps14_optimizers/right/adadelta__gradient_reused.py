"""The gradient is turned into the update in place."""


def adadelta(params, states, hyperparams):
    rho, eps = hyperparams["rho"], hyperparams["eps"]
    rms = lambda average: torch.sqrt(average + eps)
    for p, (s, delta) in zip(params, states):
        with torch.no_grad():
            s.lerp_(p.grad**2, 1 - rho)
            p.grad *= rms(delta) / rms(s)
            p -= p.grad
            delta.lerp_(p.grad**2, 1 - rho)
        p.grad = None
