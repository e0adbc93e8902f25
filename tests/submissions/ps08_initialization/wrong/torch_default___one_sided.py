"""Numbers on one side of 0.

Fails: the weight has the spread of numbers between -1/√fan_in and 1/√fan_in
Says: they should lie on both sides of 0
"""


def torch_default_(layer):
    b = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        for p in layer.parameters():
            p.uniform_(0, b)
    return layer
