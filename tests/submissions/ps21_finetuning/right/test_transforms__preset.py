"""The preset that belongs to torchvision's weights, behind ToImage."""

def test_transforms():
    preset = torchvision.models.ResNet18_Weights.IMAGENET1K_V1.transforms()
    return v2.Compose([v2.ToImage(), preset])
