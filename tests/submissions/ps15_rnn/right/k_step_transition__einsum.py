"""The sum over the state between, written with einsum."""


def k_step_transition(A, k):
    if k == 0:
        return torch.eye(len(A)).type_as(A)
    P = A.clone()
    for _ in range(k - 1):
        P = torch.einsum("il,lj->ij", P, A)
    return P
