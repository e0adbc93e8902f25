"""PyTorch's norms of the flat vector."""

def matrix_norms(A):
    v = A.flatten()
    norm = torch.linalg.vector_norm
    return {"l1": norm(v, 1), "frobenius": norm(v), "max": norm(v, float("inf"))}
