"""The reference's idea with ids, and an order found first by a list that is sorted in the end."""


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.made_of = {}
        self.depth = 0

    def _made(self, data, *pairs):
        out = Value(data)
        for parent, slope in pairs:
            old = out.made_of.get(id(parent), (parent, 0.0))[1]
            out.made_of[id(parent)] = (parent, old + slope)
            out.depth = max(out.depth, parent.depth + 1)
        return out

    def __add__(self, other):
        other = as_value(other)
        return self._made(self.data + other.data, (self, 1.0), (other, 1.0))

    __radd__ = __add__

    def __mul__(self, other):
        other = as_value(other)
        return self._made(self.data * other.data, (self, other.data), (other, self.data))

    __rmul__ = __mul__

    def __neg__(self):
        return self._made(-self.data, (self, -1.0))

    def __sub__(self, other):
        return self + -as_value(other)

    def __rsub__(self, other):
        return as_value(other) + -self

    def __pow__(self, n):
        if n == 0:
            return self._made(1, (self, 0.0))
        return self._made(self.data ** n, (self, n * self.data ** (n - 1)))

    def __truediv__(self, other):
        return self * as_value(other) ** -1.0

    def __rtruediv__(self, other):
        return as_value(other) * self ** -1.0

    def exp(self):
        e = math.exp(self.data)
        return self._made(e, (self, e))

    def log(self):
        return self._made(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return self._made(t, (self, (1 - t) * (1 + t)))

    def relu(self):
        return self * 1.0 if self.data > 0 else self * 0.0

    def backward(self):
        all_values, todo = {id(self): self}, [self]
        while todo:
            for key, (parent, _) in todo.pop().made_of.items():
                if key not in all_values:
                    all_values[key] = parent
                    todo.append(parent)
        flow = dict.fromkeys(all_values, 0.0)
        flow[id(self)] = 1.0
        for v in sorted(all_values.values(), key=lambda v: -v.depth):
            v.grad += flow[id(v)]
            for key, (_, slope) in v.made_of.items():
                flow[key] += slope * flow[id(v)]
