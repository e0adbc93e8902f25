"""A mask from torch.bernoulli."""

class Dropout(torch.nn.Module):
    def __init__(self, dropout: float):
        super(Dropout, self).__init__()
        self._keep = 1 - dropout

    def forward(self, X):
        if self.training:
            mask = torch.bernoulli(torch.ones_like(X) * self._keep)
            X = X * mask / self._keep if self._keep > 0 else X * mask
        return X
