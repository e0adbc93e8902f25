"""Makes the rows add up to one, which hides nothing for a chain.

Fails: takes any square matrix
Fails: gradients are right
"""


def k_step_transition(A, k):
    result = torch.eye(len(A), dtype=A.dtype, device=A.device)
    for _ in range(k):
        result = result @ A
    return result / result.sum(dim=1, keepdim=True)
