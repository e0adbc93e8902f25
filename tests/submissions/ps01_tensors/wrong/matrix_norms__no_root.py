"""The sum of squares without its root.

Fails: "frobenius" is the root of the sum of all squares
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": (A**2).sum(), "max": A.abs().max()}
