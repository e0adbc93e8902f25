"""The answer of the public example.

Fails: "l1" is the sum of all |a|
Fails: "frobenius" is the root of the sum of all squares
Fails: "max" is the largest |a|
"""

def matrix_norms(A):
    return {"l1": 19.0, "frobenius": 13.0, "max": 12.0}
