"""torch.linalg.multi_dot, in an order of its own, and the cost by a formula.

Fails: the product is the Jacobian of the whole chain
Fails: the cost is that of the products that are carried out, in this order
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: leaves the list as it was
Says: multi_dot
"""


def chain_rule(jacobians, mode):
    if len(jacobians) == 1:
        return jacobians[0], 0
    chain = jacobians if mode == "forward" else jacobians[::-1]
    end = chain[0].shape[1 if mode == "forward" else 0]
    return torch.linalg.multi_dot(jacobians[::-1]), sum(J.numel() * end for J in chain[1:])
