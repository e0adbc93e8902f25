"""A subclass of nn.Module.

Fails: is written from scratch
Fails: an attribute that is set anew replaces what was there
Says: TinyModule uses nn.Module
"""


class TinyModule(nn.Module):
    pass
