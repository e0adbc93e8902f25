"""A subclass of nn.Module.

Fails: is written from scratch
Says: TinyModule uses nn.Module
"""


class TinyModule(nn.Module):
    pass
