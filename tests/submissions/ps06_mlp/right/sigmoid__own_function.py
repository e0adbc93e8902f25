"""An autograd function of its own with the closed form of the gradient."""

class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        z = torch.exp(-x.abs())
        s = torch.where(x < 0, z / (1 + z), 1 / (1 + z))
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, g):
        s, = ctx.saved_tensors
        return g * s * (1 - s)


def sigmoid(x):
    return Sigmoid.apply(x)
