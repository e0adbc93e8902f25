"""The largest entry where the sum belongs. (003 §5.4)

Fails: "l1" is the sum of all |a|
"""

def matrix_norms(A):
    return {"l1": A.abs().max(), "frobenius": torch.norm(A), "max": A.abs().max()}
