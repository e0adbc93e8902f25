"""Works in the caller's tensor.

Fails: leaves its inputs unchanged
May fail: gradients are right
May fail: the gradient is 1 / (2 sqrt(a)), for small and large entries as well
"""


def heron_sqrt(a):
    old = a.clone()
    with torch.no_grad():
        a.add_(1).div_(2)
    x = (old + 1) / 2
    for _ in range(30):
        x = (x + old / x) / 2
    return x
