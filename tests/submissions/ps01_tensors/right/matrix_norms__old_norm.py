"""torch.norm, and sums one dimension after the other, in float64."""

def matrix_norms(A):
    size = A.double().abs()
    return {"l1": size.sum(0).sum(0), "frobenius": torch.norm(A), "max": size.max(0).values.max()}
