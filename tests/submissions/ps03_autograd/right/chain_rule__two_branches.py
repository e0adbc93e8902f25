"""Two loops, one for each mode."""


def chain_rule(jacobians, mode):
    cost = 0
    if mode == "forward":
        product = jacobians[0]
        for i in range(1, len(jacobians)):
            cost = cost + jacobians[i].size(0) * jacobians[i].size(1) * product.size(1)
            product = torch.matmul(jacobians[i], product)
    else:
        product = jacobians[-1]
        for i in range(len(jacobians) - 2, -1, -1):
            cost = cost + product.size(0) * product.size(1) * jacobians[i].size(1)
            product = torch.matmul(product, jacobians[i])
    return product, cost
