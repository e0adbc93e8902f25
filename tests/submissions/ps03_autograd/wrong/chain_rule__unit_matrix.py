"""Starts from a unit matrix, and counts it.

Fails: the cost is that of the products that are carried out, in this order
Fails: one matrix alone is the product, and costs nothing
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: leaves the list as it was
Says: a product with a unit matrix at the start is counted, too
"""


def chain_rule(jacobians, mode):
    forward = mode == "forward"
    chain = jacobians if forward else jacobians[::-1]
    size = chain[0].shape[1] if forward else chain[0].shape[0]
    product, cost = torch.eye(size, dtype=chain[0].dtype), 0
    for J in chain:
        left, right = (J, product) if forward else (product, J)
        cost += left.shape[0] * left.shape[1] * right.shape[1]
        product = left @ right
    return product, cost
