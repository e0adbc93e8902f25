"""A list that grows, PILToTensor for the first step."""

def train_transforms():
    steps = [v2.ToImage()]
    steps.append(v2.RandomResizedCrop(size=(224, 224), scale=(0.25, 1), antialias=True))
    steps.append(v2.RandomHorizontalFlip(p=0.5))
    steps.append(v2.ToDtype(torch.float32, scale=True))
    steps.append(v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]))
    return v2.Compose(steps)
