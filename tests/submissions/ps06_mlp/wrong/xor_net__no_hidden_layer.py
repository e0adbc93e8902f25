"""A single layer: no line solves XOR.

Fails: *
"""

def xor_net():
    return [torch.tensor([[0.0, 1.0], [0.0, 1.0]]), torch.tensor([0.5, 0.0])]
