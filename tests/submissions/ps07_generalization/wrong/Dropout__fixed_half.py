"""0.5 whatever is asked for.

Fails: in training mode it drops with probability p and divides the rest by 1 - p
Fails: gradients flow through, and X is left as it was
Fails: has no parameters and no buffers
"""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()

    def forward(self, X):
        return dropout_layer(X, 0.5) if self.training else X
