"""Takes off the last link, or the first."""


def chain_rule(jacobians, mode):
    if len(jacobians) == 1:
        return [jacobians[0], 0]
    if mode == "forward":
        *rest, left = jacobians
        right, cost = chain_rule(rest, mode)
    else:
        right, *rest = jacobians
        left, cost = chain_rule(rest, mode)
    p, q = left.shape
    return [left.mm(right), cost + p * q * right.shape[1]]
