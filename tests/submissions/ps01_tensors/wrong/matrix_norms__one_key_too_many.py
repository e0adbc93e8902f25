"""A fourth entry.

Fails: a dict with the entries "l1", "frobenius" and "max", no others
"""

def matrix_norms(A):
    return {"l1": A.abs().sum(), "frobenius": torch.norm(A), "max": A.abs().max(), "l2": torch.norm(A)}
