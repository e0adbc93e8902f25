"""u + v writes into u.

Fails: makes a new Dual each time, and never changes the old ones
May fail: + and −, with numbers on either side as well
May fail: one rule inside another
Says: u.value was 1.3 before u + v
"""


def _dual(x):
    """A plain number as a Dual that does not move; a Dual as it is."""
    return x if isinstance(x, Dual) else Dual(x)


class Dual:
    """A number that carries its derivative: forward mode.

    value, derivative: plain numbers. + - * / with a Dual or a plain number on either side, - x, x ** n for a number n, a ** x for a
    number a > 0, and the methods exp, log, sin, cos, tan. Every operation gives a new Dual.
    """

    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative

    def __repr__(self):
        return f"Dual({self.value}, {self.derivative})"

    def __add__(self, other):
        other = _dual(other)
        self.value, self.derivative = self.value + other.value, self.derivative + other.derivative
        return self

    def __neg__(self):
        return Dual(-self.value, -self.derivative)

    def __sub__(self, other):
        return self + -_dual(other)

    def __rsub__(self, other):  # other - self
        return _dual(other) - self

    def __mul__(self, other):
        other = _dual(other)
        return Dual(self.value * other.value, self.derivative * other.value + self.value * other.derivative)

    def __truediv__(self, other):
        other = _dual(other)
        slope = (self.derivative * other.value - self.value * other.derivative) / (other.value * other.value)
        return Dual(self.value / other.value, slope)

    def __rtruediv__(self, other):  # other / self
        return _dual(other) / self

    def __pow__(self, n):  # n is a plain number
        factor = n * self.value ** (n - 1) if n != 0 else 0.0
        return Dual(self.value**n, factor * self.derivative)

    def __rpow__(self, a):  # a ** self, a is a plain number
        value = a**self.value
        return Dual(value, value * math.log(a) * self.derivative)

    def exp(self):
        value = math.exp(self.value)
        return Dual(value, value * self.derivative)

    def log(self):
        return Dual(math.log(self.value), self.derivative / self.value)

    def sin(self):
        return Dual(math.sin(self.value), math.cos(self.value) * self.derivative)

    def cos(self):
        return Dual(math.cos(self.value), -math.sin(self.value) * self.derivative)

    def tan(self):
        return Dual(math.tan(self.value), self.derivative / math.cos(self.value) ** 2)

    __radd__, __rmul__ = __add__, __mul__  # 2 + x and 2 * x are x + 2 and x * 2
