"""A subclass of nn.ModuleDict.

Fails: is written from scratch
"""


class MyModuleDict(nn.ModuleDict):
    pass
