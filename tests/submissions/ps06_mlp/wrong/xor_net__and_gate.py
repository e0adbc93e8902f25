"""The AND of the example.

Fails: answers 1 where exactly one input is 1
Fails: answers 0 where the inputs are equal
Says: the network does AND
"""

def xor_net():
    W1, b1 = torch.tensor([[1.0], [1.0]]), torch.tensor([-1.0])
    W2, b2 = torch.tensor([[0.0, 1.0]]), torch.tensor([0.5, 0.0])
    return [W1, b1, W2, b2]
