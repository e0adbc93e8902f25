"""The answer of the example.

Fails: follows the update rule: right weights and bias
Fails: counts the updates
Fails: stops after max_epochs epochs, or after an epoch without an update
Fails: ends with every sample on its side, within (r² + 1) / ρ² updates
Fails: keeps the dtype, and takes samples in any memory order
"""

def perceptron(X, y, max_epochs):
    return torch.tensor([-1.0, 1.0]), 0.0, 2
