"""Few rules, the others made of them: a quotient is a product with a power, tan is sin over cos."""


def lift(x):
    return x if type(x) is Dual else Dual(x, 0)


class Dual:
    __slots__ = ("value", "derivative")

    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative

    def _through(self, value, slope):
        return Dual(value, slope * self.derivative)

    def __add__(self, o):
        o = lift(o)
        return Dual(self.value + o.value, self.derivative + o.derivative)

    def __mul__(self, o):
        o = lift(o)
        return Dual(self.value * o.value, self.derivative * o.value + o.derivative * self.value)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, o):
        return self + lift(o) * -1

    def __rsub__(self, o):
        return -self + o

    def __truediv__(self, o):
        return self * lift(o) ** -1

    def __rtruediv__(self, o):
        return o * self ** -1

    def __pow__(self, n):
        return self._through(self.value ** n, 0 if n == 0 else n * self.value ** (n - 1))

    def __rpow__(self, a):
        return (self * math.log(a)).exp()

    def exp(self):
        e = math.e ** self.value
        return self._through(math.exp(self.value), e)

    def log(self):
        return self._through(math.log(self.value), 1 / self.value)

    def sin(self):
        return self._through(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self._through(math.cos(self.value), -math.sin(self.value))

    def tan(self):
        return self.sin() / self.cos()
