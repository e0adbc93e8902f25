"""The eigenvalues of [[0, a], [1, 0]] are the two roots.

Fails: *
Says: eig
"""


def heron_sqrt(a):
    zero, one = torch.zeros_like(a), torch.ones_like(a)
    matrices = torch.stack([torch.stack([zero, a], -1), torch.stack([one, zero], -1)], -2)
    return torch.linalg.eigvals(matrices).real.amax(-1)
