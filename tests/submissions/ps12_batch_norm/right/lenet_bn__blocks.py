"""Nested blocks, and Xavier weights on top."""

def lenet_bn():
    def block(c_in, c_out, padding):
        return nn.Sequential(nn.Conv2d(c_in, c_out, 5, padding=padding), BatchNorm(c_out, num_dims=4), nn.Sigmoid(), nn.AvgPool2d(2))

    net = nn.Sequential(
        block(1, 6, 2), block(6, 16, 0), nn.Flatten(),
        nn.Sequential(nn.Linear(400, 120), BatchNorm(120, num_dims=2), nn.Sigmoid()),
        nn.Sequential(nn.Linear(120, 84), BatchNorm(84, num_dims=2), nn.Sigmoid()),
        nn.Linear(84, 10),
    )
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(layer.weight)
    return net
