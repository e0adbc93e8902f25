"""Drops in evaluation mode, hands on in training mode.

Fails: *
"""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = dropout

    def forward(self, X):
        return X if self.training else dropout_layer(X, self.dropout)
