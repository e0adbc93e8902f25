"""A subclass of nn.Sequential.

Fails: is written from scratch
"""


class MySequential(nn.Sequential):
    pass
