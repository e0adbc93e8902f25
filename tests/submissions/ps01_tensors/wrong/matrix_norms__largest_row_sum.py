"""The matrix infinity norm: the largest row sum.

Fails: "max" is the largest |a|
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": torch.norm(A), "max": torch.linalg.matrix_norm(A, float("inf"))}
