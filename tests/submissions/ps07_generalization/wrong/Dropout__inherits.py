"""nn.Dropout under another name.

Fails: *
May fail: in evaluation mode it is the identity
"""

class Dropout(torch.nn.Dropout):
    def __init__(self, dropout):
        super().__init__(dropout)
