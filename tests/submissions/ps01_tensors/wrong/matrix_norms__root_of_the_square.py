"""The root of each square is |a|: the root has to come last.

Fails: "frobenius" is the root of the sum of all squares
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": (A**2).sqrt().sum(), "max": A.abs().max()}
