"""Calls itself."""


def k_step_transition(A, k):
    if k == 0:
        return torch.diag(torch.ones_like(A[0]))
    return A @ k_step_transition(A, k - 1)
