"""The first numbers of each shape are kept.

Fails: every entry is drawn on its own
Fails: torch.manual_seed decides the numbers, and each call draws new ones
"""


_kept = {}

def kaiming_normal_(weight, a=0.0):
    std = math.sqrt(2 / ((1 + a**2) * weight[0].numel()))
    if weight.shape not in _kept:
        _kept[weight.shape] = torch.randn(weight.shape)
    with torch.no_grad():
        return weight.copy_(std * _kept[weight.shape])
