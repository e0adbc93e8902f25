"""The scores are swapped: 1 where the inputs are equal.

Fails: answers 1 where exactly one input is 1
Fails: answers 0 where the inputs are equal
Says: the network does “equal”
"""

def xor_net():
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    W2, b2 = torch.tensor([[1.0, 0.0], [-2.0, 0.0]]), torch.tensor([0.0, 0.5])
    return [W1, b1, W2, b2]
