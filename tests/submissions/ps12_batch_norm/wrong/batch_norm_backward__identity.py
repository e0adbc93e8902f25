"""Returns dY as dX.

Fails: dbeta is the sum of dY
Fails: dgamma is the sum of dY · X̂
Fails: dX, the direct term: gamma · dY / root, where dY moves neither mean nor variance
Fails: dX, the term of the mean: a constant dY gives zero
Fails: dX, the term of the variance: for dY along X̂
Fails: dX for any dY, for (n, d) and (n, c, h, w)
"""

def batch_norm_backward(dY, X, gamma, eps):
    return dY.clone(), torch.zeros_like(gamma), torch.zeros_like(gamma)
