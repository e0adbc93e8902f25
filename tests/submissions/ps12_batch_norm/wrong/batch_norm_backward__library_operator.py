"""Calls PyTorch's own backward operator.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    dims = [i for i in range(X.ndim) if i != 1]
    var, mean = torch.var_mean(X, dims, unbiased=False)
    results = torch.ops.aten.native_batch_norm_backward(
        dY, X, gamma.reshape(-1), None, None, mean, (var + eps).rsqrt(), True, eps, [True, True, True]
    )
    return results[0], results[1].reshape(gamma.shape), results[2].reshape(gamma.shape)
