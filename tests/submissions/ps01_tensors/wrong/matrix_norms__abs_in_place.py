"""abs_ overwrites the matrix.

Fails: A is left as it was
"""

def matrix_norms(A):
    A.abs_()
    return {"l1": A.sum(), "frobenius": torch.norm(A), "max": A.max()}
