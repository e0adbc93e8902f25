"""The logarithm of the limit over that of the factor."""


def depth_until_lost(factor, dtype=torch.float16):
    size = abs(factor)
    if size == 1:
        return math.inf
    info = torch.finfo(dtype)
    if size > 1:
        return math.floor(math.log(info.max) / math.log(size)) + 1
    return math.floor(round(math.log(info.tiny) / math.log(size), 9)) + 1
