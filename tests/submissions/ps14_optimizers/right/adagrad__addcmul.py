"""addcmul_ and addcdiv_."""


@torch.no_grad()
def adagrad(params, states, hyperparams):
    for p, s in zip(params, states):
        s.addcmul_(p.grad, p.grad)
        p.addcdiv_(p.grad, (s + hyperparams["eps"]).sqrt(), value=-hyperparams["lr"])
        p.grad = None
