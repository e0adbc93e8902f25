"""Multiplies by 1 - p in evaluation mode, as the first papers did.

Fails: in evaluation mode it is the identity
Fails: the mode decides, not whether autograd is recording; train() and eval() of a network reach it
"""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = dropout

    def forward(self, X):
        return dropout_layer(X, self.dropout) if self.training else X * (1 - self.dropout)
