"""parameters_to_vector, and views of one vector as shards."""

from torch.nn.utils import parameters_to_vector


class ParameterServer:
    def __init__(self, params, num_shards):
        self.like = [torch.empty_like(p, requires_grad=False) for p in params]
        self.flat = parameters_to_vector(params).detach().clone()
        self.shards = list(self.flat.tensor_split(num_shards))

    def push(self, grads, lr):
        self.flat.sub_(lr * parameters_to_vector(grads))

    def pull(self):
        start, pulled = 0, []
        for p in self.like:
            pulled.append(self.flat[start : start + p.numel()].clone().view_as(p))
            start += p.numel()
        return pulled
