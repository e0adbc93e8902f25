"""Multiplies in the order of the list.

Fails: the product is the Jacobian of the whole chain
Fails: the cost is that of the products that are carried out, in this order
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: leaves the list as it was
"""


def chain_rule(jacobians, mode):
    """The Jacobian of a chain, and how many multiplications it took.

    jacobians: list of J_1 (k_1, n), J_2 (k_2, k_1), ..., from the input side, at least one. mode: "forward" or "reverse".
    Returns: (product (k_m, n), cost), dtype of the Jacobians; cost is an int, the sum of p q r over the products (p, q)(q, r) carried out.
    """
    forward = mode == "forward"
    chain = jacobians if forward else jacobians[::-1]
    product, cost = chain[0], 0
    for J in chain[1:]:
        left, right = (product, J) if forward else (J, product)
        cost += left.shape[0] * left.shape[1] * right.shape[1]
        product = left @ right
    return product, cost
