"""The bias is left as it was.

Fails: the bias lies within the same bounds
Fails: the numbers are uniform
May fail: torch.manual_seed decides the numbers, and each call draws new ones
Says: the old ones are still there
"""


def torch_default_(layer):
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
        
    return layer
