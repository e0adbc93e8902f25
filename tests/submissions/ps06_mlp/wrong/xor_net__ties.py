"""Both scores are equal where the answer is 0.

Fails: answers 0 where the inputs are equal
Says: both scores are equal
"""

def xor_net():
    W1, b1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.tensor([0.0, -1.0])
    W2, b2 = torch.tensor([[0.0, 1.0], [0.0, -2.0]]), torch.tensor([0.0, 0.0])
    return [W1, b1, W2, b2]
