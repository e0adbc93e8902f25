"""Fails for tensors that require a gradient.

Fails: each tensor keeps its memory, and shares none
"""

def allreduce(data):
    total = sum(x.to(data[0].device) for x in data)
    for x in data:
        x.data = total.clone()
