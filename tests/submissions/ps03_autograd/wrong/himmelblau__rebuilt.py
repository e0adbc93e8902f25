"""Makes a float32 tensor of everything.

Fails: keeps the dtype, and takes numbers in any memory order
Fails: gradients are right
Fails: takes a list of numbers, of tensors or of NumPy arrays
"""


def himmelblau(x):
    x = torch.stack([torch.as_tensor(v) for v in x]).float()
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
