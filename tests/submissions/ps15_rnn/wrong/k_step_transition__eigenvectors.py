"""By eigenvectors, of which some matrices have too few.

Fails: *
"""


def k_step_transition(A, k):
    values, V = torch.linalg.eig(A)
    return (V @ torch.diag(values ** k) @ torch.linalg.inv(V)).real
