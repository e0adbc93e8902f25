"""The result is float32 whatever comes in.

Fails: keeps the dtype, and takes scores in any memory order
"""

def softmax_cross_entropy_grad(O, y):
    return torch.softmax(O, dim=1).float() - torch.nn.functional.one_hot(y, O.shape[1]).float()
