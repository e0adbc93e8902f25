"""All zeros: both scores are equal at every point.

Fails: answers 1 where exactly one input is 1
Fails: answers 0 where the inputs are equal
Fails: is set by hand: the same at every call
"""

def xor_net():
    return [torch.zeros(2, 2), torch.zeros(2), torch.zeros(2, 2), torch.zeros(2)]
