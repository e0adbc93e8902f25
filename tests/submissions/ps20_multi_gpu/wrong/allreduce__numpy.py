"""Adds in NumPy, float32.

Fails: any dtype and layout, float64 to the last digit
"""

def allreduce(data):
    import numpy as np
    total = torch.from_numpy(np.sum([x.cpu().numpy().astype("float64") for x in data], axis=0))
    for x in data:
        x.copy_(total)
