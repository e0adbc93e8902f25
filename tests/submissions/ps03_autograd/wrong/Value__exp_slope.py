"""The slope of exp as for a power.

Fails: gradients of exp, log, tanh and relu
Fails: agrees with PyTorch on programs of twenty lines
"""


def _value(x):
    """A plain number as a Value that was made of nothing; a Value as it is."""
    return x if isinstance(x, Value) else Value(x)


class Value:
    """A number that remembers how it was made, and can tell what it depends on: reverse mode.

    data: an int or a float. grad: the derivative that backward() has added up, 0.0 at first. + - * / with a Value or a plain number on either
    side, - x, x ** n for a number n, and the methods exp, log, tanh, relu and backward.
    """

    def __init__(self, data, parents=()):
        self.data, self.grad = data, 0.0
        self._parents = parents  # pairs (Value that this one was made of, derivative of this one by that one)

    def __repr__(self):
        return f"Value({self.data}, grad={self.grad})"

    def __add__(self, other):
        other = _value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_value(other)

    def __rsub__(self, other):  # other - self
        return _value(other) - self

    def __mul__(self, other):
        other = _value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        return self * _value(other) ** -1

    def __rtruediv__(self, other):  # other / self
        return _value(other) / self

    def __pow__(self, n):  # n is a plain number
        slope = n * self.data ** (n - 1) if n != 0 else 0.0
        return Value(self.data**n, [(self, slope)])

    def exp(self):
        data = math.exp(self.data)
        return Value(data, [(self, self.data * data)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self):
        data = math.tanh(self.data)
        return Value(data, [(self, 1 - data * data)])

    def relu(self):
        return Value(max(self.data, 0.0), [(self, 1.0 if self.data > 0 else 0.0)])

    def backward(self):
        """Adds the derivative of this Value by v to v.grad, for every v that it was made of, itself included."""
        edges, found = {self: 0}, [self]
        for v in found:
            for parent, _ in v._parents:
                if parent not in edges:
                    edges[parent] = 0
                    found.append(parent)
                edges[parent] += 1
        flow, ready = {self: 1.0}, [self]
        while ready:
            v = ready.pop()
            v.grad += flow[v]
            for parent, slope in v._parents:
                flow[parent] = flow.get(parent, 0.0) + slope * flow[v]
                edges[parent] -= 1
                if edges[parent] == 0:
                    ready.append(parent)

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x are x + 2 and x * 2
