"""Returns its input.

Fails: training: each feature of (n, d) is normalised with mean and variance of its column
Fails: the moving statistics keep the share `momentum` and take the rest from the batch
Fails: works on the whole batch at once
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    return X, moving_mean, moving_var
