"""The largest singular value.

Fails: "frobenius" is the root of the sum of all squares
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": torch.linalg.matrix_norm(A, 2), "max": A.abs().max()}
