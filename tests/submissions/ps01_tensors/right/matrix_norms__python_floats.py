"""Python floats."""

def matrix_norms(A):
    return dict(
        max=A.abs().amax().item(),
        l1=A.abs().sum().item(),
        frobenius=float((A * A).sum()) ** 0.5,
    )
