"""A subclass of nn.ModuleList.

Fails: is written from scratch
"""


class MyModuleList(nn.ModuleList):
    pass
