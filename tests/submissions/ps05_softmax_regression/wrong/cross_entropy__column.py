"""Returns shape (n, 1). (001)

Fails: *
"""

def cross_entropy(y_hat, y):
    return - torch.log(y_hat.gather(1, y.view(-1, 1)))
