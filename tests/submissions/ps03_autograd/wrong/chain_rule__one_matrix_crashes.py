"""Begins with the product of two.

Fails: one matrix alone is the product, and costs nothing
"""


def chain_rule(jacobians, mode):
    chain = list(jacobians)
    if mode == "reverse":
        chain.reverse()
    a, b = chain[0], chain[1]
    left, right = (b, a) if mode == "forward" else (a, b)
    product, cost = left @ right, left.numel() * right.shape[1]
    for J in chain[2:]:
        left, right = (J, product) if mode == "forward" else (product, J)
        cost += left.numel() * right.shape[1]
        product = left @ right
    return product, cost
