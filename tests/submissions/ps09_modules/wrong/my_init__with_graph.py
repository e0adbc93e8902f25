"""The product carries a graph: the parameter is no leaf any more.

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Fails: works in place: parameters stay the same objects, and require a gradient as before
Fails: biases are 0, and a layer may have none
Fails: keeps the dtype of the parameters, and returns nothing
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        nn.init.uniform_(module.weight, -10, 10)
        weight = module.weight
        del module._parameters["weight"]
        module.__dict__["weight"] = weight * (weight.abs() >= 5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
