"""Through PyTorch's softmax of two scores.

Fails: *
"""

def sigmoid(x):
    return torch.softmax(torch.stack([x, torch.zeros_like(x)]), dim=0)[0]
