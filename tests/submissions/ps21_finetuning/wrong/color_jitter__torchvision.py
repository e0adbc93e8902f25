"""Lets v2.ColorJitter do it, for the whole batch at once and without the generator.

Fails: all chance comes from the generator: the same state, the same result
Fails: is written by hand: torchvision does not do the work
Fails: each picture of a batch has factors of its own
Fails: all three work together, with independent factors
Fails: factors are uniform from max(0, 1 − a) to 1 + a
Fails: brightness, then contrast, then saturation, cut after each
"""

def color_jitter(X, brightness, contrast, saturation, generator):
    return v2.ColorJitter(brightness, contrast, saturation)(X)
