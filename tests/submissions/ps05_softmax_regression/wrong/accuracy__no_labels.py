"""Always takes the argmax of dim 1: predicted labels are an error. (001)

Fails: takes predicted labels as well
"""

def accuracy(y_hat, y):
    return (y_hat.argmax(dim=1) == y).sum().item()
