"""Through PyTorch's tanh.

Fails: *
"""

def sigmoid(x):
    return (1 + torch.tanh(x / 2)) / 2
