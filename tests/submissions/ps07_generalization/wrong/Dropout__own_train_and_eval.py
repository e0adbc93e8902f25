"""A mode of its own, set by train and eval of this layer only.

Fails: the mode decides, not whether autograd is recording; train() and eval() of a network reach it
"""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout, self.active = dropout, True

    def train(self, mode=True):
        self.active = True
        return self

    def eval(self):
        self.active = False
        return self

    def forward(self, X):
        return dropout_layer(X, self.dropout) if self.active else X
