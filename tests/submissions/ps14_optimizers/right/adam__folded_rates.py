"""The corrections are folded into rate and eps, as PyTorch does."""


@torch.no_grad()
def adam(params, states, hyperparams):
    t = hyperparams["t"]
    hyperparams["t"] = t + 1
    one, two = 1 - hyperparams["beta1"] ** t, math.sqrt(1 - hyperparams["beta2"] ** t)
    for p, (v, s) in zip(params, states):
        g = p.grad
        v.lerp_(g, 1 - hyperparams["beta1"])
        s.mul_(hyperparams["beta2"]).addcmul_(g, g, value=1 - hyperparams["beta2"])
        p.addcdiv_(v, s.sqrt() / two + hyperparams["eps"], value=-hyperparams["lr"] / one)
        p.grad = None
