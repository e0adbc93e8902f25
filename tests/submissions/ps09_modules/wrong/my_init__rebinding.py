"""Names are bound to numbers, and the network never hears of it. (001)

Fails: half of the weights are 0, the others uniform in [5, 10] and [-10, -5]
Fails: biases are 0, and a layer may have none
Fails: works in place: parameters stay the same objects, and require a gradient as before
Fails: leaves all other modules as they are, and works with net.apply
Fails: keeps the dtype of the parameters, and returns nothing
Says: my_init leaves the weights of
"""


def my_init(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            weight, bias = module.weight, module.bias
            weight = torch.empty_like(weight).uniform_(-10, 10)
            weight = weight * (weight.abs() >= 5)
            bias = torch.zeros(len(weight))
