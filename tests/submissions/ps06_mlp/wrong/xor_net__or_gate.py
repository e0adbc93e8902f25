"""OR: 1 at (1, 1) too.

Fails: answers 0 where the inputs are equal
Says: the network does OR
"""

def xor_net():
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    W2, b2 = torch.tensor([[0.0, 1.0], [0.0, 0.0]]), torch.tensor([0.5, 0.0])
    return [W1, b1, W2, b2]
