"""Values are numbered as they are made: the number is the order, a heap keeps it."""


import heapq
import itertools

_numbers = itertools.count()


class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes
        self.number = next(_numbers)

    def __lt__(self, other):
        return self.number > other.number

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __sub__(self, other):
        other = Value.of(other)
        return Value(self.data - other.data, (self, other), (1, -1))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        other = Value.of(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, -self.data / other.data ** 2))

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __neg__(self):
        return Value(-self.data, (self,), (-1,))

    def __pow__(self, n):
        return Value(self.data ** n, (self,), (n * self.data ** (n - 1) if n else 0,))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def relu(self):
        return Value(self.data if self.data > 0 else 0.0, (self,), (float(self.data > 0),))

    def backward(self):
        flow, heap = {self.number: 1.0}, [self]
        while heap:
            v = heapq.heappop(heap)
            arrived = flow.pop(v.number)
            v.grad += arrived
            for parent, slope in zip(v.parents, v.slopes):
                if parent.number not in flow:
                    flow[parent.number] = 0.0
                    heapq.heappush(heap, parent)
                flow[parent.number] += slope * arrived
