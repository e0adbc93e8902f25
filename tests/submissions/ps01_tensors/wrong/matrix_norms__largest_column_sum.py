"""The matrix 1-norm of the notes: the largest column sum. (003 §5.4)

Fails: "l1" is the sum of all |a|
"""

def matrix_norms(A):
    return {"l1": torch.linalg.matrix_norm(A, 1), "frobenius": torch.norm(A), "max": A.abs().max()}
