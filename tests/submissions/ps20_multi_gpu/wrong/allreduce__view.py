"""Works on flattened tensors: a transposed one is copied by reshape, and stays as it was.

Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    flat = [x.reshape(-1) for x in data]
    for x in flat[1:]:
        flat[0] += x.to(flat[0].device)
    for x in flat[1:]:
        x.copy_(flat[0])
