"""The cost is a tensor with one element, the list is copied and popped."""


def chain_rule(jacobians, mode):
    left = list(jacobians)
    cost = torch.tensor(0)
    while len(left) > 1:
        if mode == "forward":
            first = left.pop(0)
            cost += left[0].shape[0] * left[0].shape[1] * first.shape[1]
            left[0] = left[0] @ first
        else:
            last = left.pop()
            cost += last.shape[0] * last.shape[1] * left[-1].shape[1]
            left[-1] = last @ left[-1]
    return left[0], cost
