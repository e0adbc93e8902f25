"""masked_fill_, under no_grad."""


def my_init(module):
    if isinstance(module, torch.nn.Linear):
        with torch.no_grad():
            w = module.weight
            w.uniform_(-10.0, 10.0)
            w.masked_fill_(w.abs() < 5, 0.0)
            for parameter in [module.bias] if module.bias is not None else []:
                parameter.zero_()
