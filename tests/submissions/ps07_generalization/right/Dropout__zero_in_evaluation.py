"""A probability of 0 in evaluation mode."""

class Dropout(torch.nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = dropout

    def forward(self, X):
        return dropout_layer(X, self.dropout if self.training else 0)

    def extra_repr(self):
        return f"dropout={self.dropout}"
