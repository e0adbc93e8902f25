"""The other form of the formula, with math.floor, and a list as the pair."""

def conv_output_size(n, k, padding=0, stride=1):
    import math

    def one(n, k, p, s):
        return math.floor((n - k + p) / s) + 1

    arguments = [n, k, padding, stride]
    if not any(isinstance(a, (tuple, list)) for a in arguments):
        return one(*arguments)
    heights = [a[0] if isinstance(a, (tuple, list)) else a for a in arguments]
    widths = [a[1] if isinstance(a, (tuple, list)) else a for a in arguments]
    return [one(*heights), one(*widths)]
