"""The sum of all entries.

Fails: what is summed adds up to 1, along one axis
Fails: several axes at once, and axes counted from the end
Says: the sum of all entries
May fail: where a sum is 0, the shares are 0
May fail: small entries have exact shares
May fail: keeps the dtype, and takes numbers in any memory order
May fail: gradients flow through
May fail: A is left as it was
May fail: gives the same when it is called again, and leaves the program as it was
May fail: the gradient is finite where a sum is 0
May fail: no loop over rows or columns
"""


def shares(A, axis):
    total = A.sum()
    return A / total.masked_fill(total == 0, 1)
