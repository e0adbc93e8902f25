"""reshape and the function form."""

def outer_sum(a, b):
    n = a.shape[0]
    return torch.add(a.reshape(n, 1), b)
