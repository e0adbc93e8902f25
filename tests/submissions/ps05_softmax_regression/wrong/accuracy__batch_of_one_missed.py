"""Asks for more than one row before it takes the argmax, and for a second dimension that labels do not have. (000 §1.3.4)

Fails: takes predicted labels as well
Fails: takes a batch of one
"""

def accuracy(y_hat, y):
    if y_hat.shape[0] > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    cmp = y_hat.type(y.dtype) == y
    return float(cmp.type(y.dtype).sum())
