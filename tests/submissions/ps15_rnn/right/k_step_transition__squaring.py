"""Repeated squaring."""


def k_step_transition(A, k):
    result, square = torch.eye(A.shape[0]).to(A), A
    while k > 0:
        if k % 2 == 1:
            result = result @ square
        square, k = square @ square, k // 2
    return result
