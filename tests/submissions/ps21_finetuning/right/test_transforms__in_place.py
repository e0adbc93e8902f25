"""A lambda, a list for the size, Normalize in place."""

test_transforms = lambda: v2.Compose([
    v2.ToImage(), v2.Resize([256]), v2.CenterCrop(224), v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], inplace=True)])
