"""Normalising is forgotten.

Fails: values are brought to [0, 1] and then normalised with mean and std of ImageNet
Says: are not normalised
"""

def test_transforms():
    return v2.Compose([
        v2.ToImage(),
        v2.Resize(256),
        v2.CenterCrop(224),
        v2.ToDtype(torch.float32, scale=True),
    ])
