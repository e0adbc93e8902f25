"""A smooth relative, log(1 + exp(x)).

Fails: *
Says: log(1 + exp(x)) is taken
"""

def relu(x):
    return torch.log(1 + torch.exp(x))
