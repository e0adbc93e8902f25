"""No padding, 16·4·4 inputs, and max pooling, as in the other notes. (001)

Fails: has the layers of the table: ten parameter tensors, 61,706 numbers
Fails: with the same weights, gives the same logits
"""

def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.MaxPool2d(2, 2), nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))
