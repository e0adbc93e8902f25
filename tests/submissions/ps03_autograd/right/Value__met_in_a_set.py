"""A stack and a set, children before parents."""


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
        return Value(data, [(self, data)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self):
        data = math.tanh(self.data)
        return Value(data, [(self, 1 - data * data)])

    def relu(self):
        return Value(max(self.data, 0.0), [(self, 1.0 if self.data > 0 else 0.0)])

    def backward(self):
        """Adds the derivative of this Value by v to v.grad, for every v that it was made of, itself included."""
        order, met, stack = [], set(), [(self, False)]
        while stack:
            v, done = stack.pop()
            if done:
                order.append(v)
            elif v not in met:
                met.add(v)
                stack.append((v, True))
                stack += [(parent, False) for parent, _ in v._parents]
        flow = dict.fromkeys(order, 0.0)
        flow[self] = 1.0
        for v in reversed(order):
            v.grad += flow[v]
            for parent, slope in v._parents:
                flow[parent] += slope * flow[v]

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x are x + 2 and x * 2
