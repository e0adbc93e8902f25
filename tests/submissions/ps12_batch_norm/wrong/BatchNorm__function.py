"""A function, not a module.

Fails: *
"""

def BatchNorm(num_features, num_dims):
    shape = (num_features,) if num_dims == 2 else (1, num_features, 1, 1)
    return lambda X: batch_norm(X, torch.ones(shape), torch.zeros(shape), torch.zeros(shape), torch.ones(shape), 1e-5, 0.9, True)[0]
