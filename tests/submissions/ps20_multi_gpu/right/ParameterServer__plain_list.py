"""Numbers go through a plain list."""


class ParameterServer:
    def __init__(self, params, num_shards):
        numbers = []
        self.shapes = []
        for p in params:
            self.shapes.append(list(p.shape))
            for x in p.detach().reshape(-1):
                numbers.append(x.item())
        N = len(numbers)
        self.shards = []
        start = 0
        for i in range(num_shards):
            end = start + N // num_shards + (i < N % num_shards)
            self.shards.append(torch.tensor(numbers[start:end], dtype=params[0].dtype))
            start = end

    def push(self, grads, lr):
        flat = torch.cat([g.flatten() for g in grads])
        start = 0
        for i in range(len(self.shards)):
            end = start + len(self.shards[i])
            self.shards[i] -= lr * flat[start:end]
            start = end

    def pull(self):
        flat = torch.cat(self.shards)
        result, start = [], 0
        for shape in self.shapes:
            size = 1
            for d in shape:
                size *= d
            result.append(flat[start : start + size].reshape(shape))
            start += size
        return result
