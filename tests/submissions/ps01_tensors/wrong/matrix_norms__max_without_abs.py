"""The largest entry, which may be a small one.

Fails: "max" is the largest |a|
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": torch.norm(A), "max": A.max()}
