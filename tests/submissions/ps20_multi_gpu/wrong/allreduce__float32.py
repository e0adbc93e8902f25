"""Sums in a float32 buffer.

Fails: any dtype and layout, float64 to the last digit
"""


def allreduce(data):
    total = torch.zeros(data[0].shape, device=data[0].device)
    for x in data:
        total += x.to(total.device)
    for x in data:
        x.copy_(total)
