"""super().__init__() is missing, and the probability is kept globally.

Fails: *
"""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        self.dropout = dropout

    def forward(self, X):
        return dropout_layer(X, self.dropout) if self.training else X
