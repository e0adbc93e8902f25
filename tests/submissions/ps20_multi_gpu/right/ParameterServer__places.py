"""Cuts by hand, and loops over the shards."""


class ParameterServer:
    def __init__(self, params, num_shards):
        self.shapes = [tuple(p.shape) for p in params]
        with torch.no_grad():
            flat = torch.cat([p.flatten() for p in params])
        base, rest = divmod(len(flat), num_shards)
        self.cuts = [0]
        for i in range(num_shards):
            self.cuts.append(self.cuts[-1] + base + (i < rest))
        self.shards = [flat[a:b].clone() for a, b in zip(self.cuts, self.cuts[1:])]

    def push(self, grads, lr):
        flat = torch.cat([g.flatten() for g in grads])
        for i, shard in enumerate(self.shards):
            shard.add_(flat[self.cuts[i] : self.cuts[i + 1]], alpha=-lr)

    def pull(self):
        flat, out = torch.cat(self.shards), []
        for shape in self.shapes:
            size = 1
            for s in shape:
                size *= s
            out.append(flat[:size].reshape(shape))
            flat = flat[size:]
        return out
