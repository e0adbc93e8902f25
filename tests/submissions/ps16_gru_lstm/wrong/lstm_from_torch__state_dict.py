"""Returns the layer's four tensors as they are.

Fails: *
"""

def lstm_from_torch(layer):
    return [p.detach() for p in layer.parameters()]
