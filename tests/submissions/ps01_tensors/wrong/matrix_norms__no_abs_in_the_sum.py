"""Positive and negative entries cancel.

Fails: "l1" is the sum of all |a|
"""

def matrix_norms(A):
    return {"l1": A.sum(), "frobenius": torch.norm(A), "max": A.abs().max()}
