"""Eigenvectors by NumPy.

Fails: takes any square matrix
Fails: gradients are right
"""


import numpy

def k_step_transition(A, k):
    values, V = numpy.linalg.eig(A.detach().cpu().numpy())
    return torch.from_numpy((V @ numpy.diag(values ** k) @ numpy.linalg.pinv(V)).real.copy()).to(A)
