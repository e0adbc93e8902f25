"""L1-normalises the exponentials, as a class with a call."""

class Softmax(torch.nn.Module):
    def forward(self, X):
        shift, _ = torch.max(X, -1, keepdim=True)
        return torch.nn.functional.normalize((X - shift).exp(), p=1, dim=-1)


softmax = Softmax()
