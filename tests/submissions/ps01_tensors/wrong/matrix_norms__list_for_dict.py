"""A list of three numbers.

Fails: "l1" is the sum of all |a|
Fails: "frobenius" is the root of the sum of all squares
Fails: "max" is the largest |a|
Fails: a dict with the entries "l1", "frobenius" and "max", no others
"""

def matrix_norms(A):
    return [A.abs().sum(), torch.norm(A), A.abs().max()]
