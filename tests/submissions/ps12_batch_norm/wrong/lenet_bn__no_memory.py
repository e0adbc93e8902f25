"""PyTorch's layers without moving statistics.

Fails: maps images (n, 1, 28, 28) to ten logits each, a single image too in evaluation mode
Fails: in evaluation: normalised with the moving statistics
Says: the statistics of the batch are used; evaluation uses the moving ones
"""

def lenet_bn():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.BatchNorm2d(6, track_running_stats=False), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16, track_running_stats=False), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.BatchNorm1d(120, track_running_stats=False), nn.Sigmoid(),
        nn.Linear(120, 84), nn.BatchNorm1d(84, track_running_stats=False), nn.Sigmoid(),
        nn.Linear(84, 10),
    )
