"""Whole numbers, which mlp_forward cannot multiply with floats.

Fails: *
"""

def xor_net():
    W1, b1 = torch.tensor([[1, 1], [1, 1]]), torch.tensor([0, -1])
    W2, b2 = torch.tensor([[0, 2], [0, -4]]), torch.tensor([1, 0])
    return [W1, b1, W2, b2]
