"""A frozen data class, NumPy for the functions."""


from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Dual:
    value: float
    derivative: float = 0.0

    def __add__(self, other):
        v, d = (other.value, other.derivative) if isinstance(other, Dual) else (other, 0.0)
        return Dual(self.value + v, self.derivative + d)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.value, -self.derivative)

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __mul__(self, other):
        v, d = (other.value, other.derivative) if isinstance(other, Dual) else (other, 0.0)
        return Dual(self.value * v, self.derivative * v + self.value * d)

    __rmul__ = __mul__

    def __truediv__(self, other):
        v, d = (other.value, other.derivative) if isinstance(other, Dual) else (other, 0.0)
        return Dual(self.value / v, (self.derivative * v - self.value * d) / v / v)

    def __rtruediv__(self, other):
        return Dual(other, 0.0) / self

    def __pow__(self, n):
        slope = n * self.value ** (n - 1) if n else 0.0
        return Dual(self.value**n, slope * self.derivative)

    def __rpow__(self, a):
        return Dual(a**self.value, a**self.value * float(np.log(a)) * self.derivative)

    def exp(self):
        return Dual(float(np.exp(self.value)), float(np.exp(self.value)) * self.derivative)

    def log(self):
        return Dual(np.log(self.value), self.derivative / self.value)

    def sin(self):
        return Dual(np.sin(self.value), np.cos(self.value) * self.derivative)

    def cos(self):
        return Dual(np.cos(self.value), -np.sin(self.value) * self.derivative)

    def tan(self):
        return Dual(np.tan(self.value), self.derivative / np.cos(self.value) ** 2)
