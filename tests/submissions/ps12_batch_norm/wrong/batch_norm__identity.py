"""Returns its input.

Fails: training: each feature of (n, d) is normalised with mean and variance of its column
Fails: training: each channel of (n, c, h, w) is normalised over samples and pixels
Fails: eps is added inside the root, in training and in evaluation
Fails: evaluation uses the moving statistics and returns them as they came; `training` alone decides which mode it is
Fails: the moving statistics carry no graph
Fails: gradients flow back to X, gamma and beta, through the batch's mean and variance too
Fails: stays right for constant columns and for numbers far from zero
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves all its arguments unchanged
Fails: works on the whole batch at once
Fails: the moving statistics keep the share `momentum` and take the rest from the batch
"""

def batch_norm(X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
    return X, moving_mean, moving_var
