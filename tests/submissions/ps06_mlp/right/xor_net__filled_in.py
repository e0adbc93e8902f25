"""Zeros, and the numbers that matter written into them."""

def xor_net():
    W1, b1, W2, b2 = torch.zeros(2, 4), torch.zeros(4), torch.zeros(4, 2), torch.zeros(2)
    W1[:, 0] = 1
    W1[:, 1] = 1
    b1[1] = -1
    W2[0, 1], W2[1, 1] = 10, -20
    b2[0] = 5
    return [W1, b1, W2, b2]
