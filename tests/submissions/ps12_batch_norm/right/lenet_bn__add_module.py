"""Grows an nn.Sequential by names, with functional pooling as a small module and a lambda-free forward."""

class Pool(nn.Module):
    def forward(self, X):
        return F.avg_pool2d(X, kernel_size=2)


def lenet_bn():
    net = nn.Sequential()
    sizes = [(1, 6, 2), (6, 16, 0)]
    for i, (c_in, c_out, pad) in enumerate(sizes):
        net.add_module(f"bn{i}_conv", nn.Conv2d(c_in, c_out, (5, 5), padding=(pad, pad)))
        net.add_module(f"norm{i}", BatchNorm(num_features=c_out, num_dims=4))
        net.add_module(f"act{i}", nn.Sigmoid())
        net.add_module(f"pool{i}", Pool())
    net.add_module("flat", nn.Flatten(1))
    for i, (d_in, d_out) in enumerate([(400, 120), (120, 84)]):
        net.add_module(f"fc{i}", nn.Linear(d_in, d_out))
        net.add_module(f"norm_fc{i}", BatchNorm(num_features=d_out, num_dims=2))
        net.add_module(f"act_fc{i}", nn.Sigmoid())
    net.add_module("out", nn.Linear(84, 10))
    return net
