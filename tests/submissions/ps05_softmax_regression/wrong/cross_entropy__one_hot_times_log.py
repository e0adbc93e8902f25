"""One-hot times logarithm: NaN where another class has probability 0.

Fails: gives +inf for a label of probability 0, and never NaN
"""

def cross_entropy(y_hat, y):
    one_hot = torch.nn.functional.one_hot(y, y_hat.shape[1])
    return -(one_hot * torch.log(y_hat)).sum(dim=1)
