"""isinstance in every method, no helper."""


class Dual:
    def __init__(self, value, derivative=0.0):
        self.value = value
        self.derivative = derivative

    def __add__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.derivative + other.derivative)
        return Dual(self.value + other, self.derivative)

    def __radd__(self, other):
        return self + other

    def __neg__(self):
        return Dual(0 - self.value, 0 - self.derivative)

    def __sub__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.derivative - other.derivative)
        return Dual(self.value - other, self.derivative)

    def __rsub__(self, other):
        return Dual(other - self.value, -self.derivative)

    def __mul__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.value * other.derivative + self.derivative * other.value)
        return Dual(self.value * other, self.derivative * other)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        if isinstance(other, Dual):
            top = other.value * self.derivative - self.value * other.derivative
            return Dual(self.value / other.value, top / other.value ** 2)
        return Dual(self.value / other, self.derivative / other)

    def __rtruediv__(self, other):
        return Dual(other / self.value, -other * self.derivative / self.value ** 2)

    def __pow__(self, n):
        if n == 0:
            return Dual(1.0, 0.0)
        return Dual(self.value ** n, n * self.value ** (n - 1) * self.derivative)

    def __rpow__(self, a):
        return Dual(a ** self.value, math.log(a) * a ** self.value * self.derivative)

    def exp(self):
        return Dual(math.exp(self.value), math.exp(self.value) * self.derivative)

    def log(self):
        return Dual(math.log(self.value), self.derivative / self.value)

    def sin(self):
        return Dual(math.sin(self.value), self.derivative * math.cos(self.value))

    def cos(self):
        return Dual(math.cos(self.value), -self.derivative * math.sin(self.value))

    def tan(self):
        t = math.tan(self.value)
        return Dual(t, self.derivative * (1 + t * t))
