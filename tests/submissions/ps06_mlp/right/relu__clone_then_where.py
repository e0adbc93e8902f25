"""float mask times x, in a class of its own."""

class ReLU:
    def __call__(self, x):
        mask = (x > 0).type_as(x)
        return mask * x


relu = ReLU()
