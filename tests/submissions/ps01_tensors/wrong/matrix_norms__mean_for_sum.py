"""The mean in place of the sum.

Fails: "l1" is the sum of all |a|
"""

def matrix_norms(A):
    return {"l1": A.abs().mean(), "frobenius": torch.norm(A), "max": A.abs().max()}
