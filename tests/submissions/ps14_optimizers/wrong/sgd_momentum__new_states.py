"""New tensors in the list of states.

Fails: writes in place, into the memory that parameters and states have
Says: is left behind
"""


def sgd_momentum(params, states, hyperparams):
    with torch.no_grad():
        for i, p in enumerate(params):
            states[i] = hyperparams["momentum"] * states[i] + p.grad
            p -= hyperparams["lr"] * states[i]
            p.grad.zero_()
