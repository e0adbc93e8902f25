"""Lets torchvision adjust the pictures, the whole batch by the same three factors.

Fails: is written by hand: torchvision does not do the work
Fails: each picture of a batch has factors of its own
Fails: all three work together, with independent factors
Fails: factors are uniform from max(0, 1 − a) to 1 + a
Says: calls torchvision
"""

def color_jitter(X, brightness, contrast, saturation, generator):
    changes = (v2.functional.adjust_brightness, brightness), (v2.functional.adjust_contrast, contrast), (v2.functional.adjust_saturation, saturation)
    for change, strength in changes:
        low = max(0.0, 1 - strength)
        u = torch.rand(1, generator=generator).item()
        X = change(X, low + (1 + strength - low) * u)
    return X
