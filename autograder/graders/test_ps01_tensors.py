"""Hidden grader of ps01_tensors.

Who shares whose memory cannot be seen from here, where tensors of the student's arrive as copies: `add_in_place` and `share_or_copy`
are asked by probes, which run beside the student's code.
"""

import torch

from autograder import assert_close, assert_finite, assert_shape, assert_unchanged, case, criterion, exercise, expect, kind_of
from solutions.ps01_tensors import tensors as reference

SIZES = [(1, 4), (5, 3), (7, 11)]
IMAGES = [(1, 3, 4, 5), (4, 2, 3, 6), (3, 1, 5, 2), (2, 4, 1, 7)]


# Memory --------------------------------------------------------------------------------------------------------------


def add_to_every_second_column(student, base, Y):
    """X is a view of base. Returns base afterwards, and whether X still reads base's storage."""
    X = base[:, ::2]
    address = X.data_ptr()
    student.add_in_place(X, Y)
    return base.clone(), X.data_ptr() == address


@exercise("add_in_place")
class TestAddInPlace:
    @criterion("X holds the sum afterwards", weight=3, hint="X = X + Y only gives the sum the name X; the tensor stays")
    def test_values(self, student, draw):
        for shape, dtype in [((1, 4), torch.float32), ((5, 3), torch.float64), ((2, 7, 3), torch.float32)]:
            before, Y = draw.of(dtype).normal(*shape), draw.of(dtype).normal(*shape)
            X = before.clone()
            student.add_in_place(X, Y.clone())
            assert_close(X, before + Y, what="X after add_in_place(X, Y)")
        before, Y = draw.integers(-9, 9, 4, 3), draw.integers(-9, 9, 3)
        X = before.clone()
        student.add_in_place(X, Y.clone())
        assert_close(X, before + Y, what="X of shape (4, 3) after add_in_place(X, Y) with Y of shape (3,)")

    @criterion("X keeps its storage", weight=3, hint="+=, add_ and X[:] = write into the storage that is there")
    def test_storage(self, student, draw):
        base, Y = draw.normal(5, 6), draw.normal(5, 3)
        after, same = student.run(add_to_every_second_column, base=base.clone(), Y=Y.clone())
        expect(same, "X has got new storage: other tensors that share its memory do not see the sum")
        expected = base.clone()
        expected[:, ::2] += Y
        assert_close(after, expected, what="the tensor of which X is a part after add_in_place(X, Y)")

    @criterion("returns X itself")
    def test_identity(self, student, draw):
        X, Y = draw.normal(4, 3), draw.normal(4, 3)
        expect(student.add_in_place(X, Y) is X, "add_in_place(X, Y) returns something other than X itself")

    @criterion("Y is left as it was")
    def test_other_input(self, student, draw):
        Y = draw.normal(4, 3)
        after = Y.clone()
        student.add_in_place(draw.normal(4, 3), after)
        assert_unchanged(Y, after, what="Y")


def call_with_array(student, values):
    return student.share_or_copy(values.numpy().copy())


def call_with_every_second_column(student, values):
    return student.share_or_copy(values.numpy().copy()[:, ::2])


def write_into_array(student, values, new):
    """The two tensors after new numbers were written into the array."""
    array = values.numpy().copy()
    shares, copy = student.share_or_copy(array)
    array[...] = new.numpy()
    return shares.clone(), copy.clone()


def write_into_tensor(student, values, new, which):
    """The array, as a tensor, after new numbers were written into the tensor number `which`."""
    import torch

    array = values.numpy().copy()
    student.share_or_copy(array)[which].copy_(new)
    return torch.tensor(array)


def array_after_call(student, values):
    import torch

    array = values.numpy().copy()
    student.share_or_copy(array)
    return torch.tensor(array)


@exercise("share_or_copy")
class TestShareOrCopy:
    @criterion("both tensors hold the array's numbers", weight=2)
    def test_values(self, student, draw):
        for shape in [(1,), (5,), (3, 4), (2, 1, 6)]:
            values = draw.normal(*shape)
            both = student.run(call_with_array, values=values)
            assert_close(both, (values, values), what="share_or_copy(array)")
        values = draw.normal(3, 6)
        both = student.run(call_with_every_second_column, values=values)
        assert_close(both, (values[:, ::2], values[:, ::2]), what="share_or_copy(array[:, ::2])")

    @criterion("both tensors keep the array's dtype", hint="torch.Tensor with a capital T makes float32 of everything")
    def test_dtype(self, student, draw):
        for dtype in [torch.float64, torch.int64, torch.uint8]:
            values = draw.integers(0, 100, 4, 3).to(dtype)
            both = student.run(call_with_array, values=values)
            assert_close(both, (values, values), what=f"for a {str(dtype)[6:]} array, share_or_copy(array)")

    @criterion("the first tensor shares the array's memory, both ways", weight=3)
    def test_shared(self, student, draw):
        for dtype in [torch.float32, torch.float64]:
            values, new = draw.of(dtype).normal(4, 3), draw.of(dtype).normal(4, 3)
            shares, _ = student.run(write_into_array, values=values, new=new)
            assert_close(shares, new, what="the first tensor after new numbers were written into the array")
            array = student.run(write_into_tensor, values=values, new=new, which=0)
            assert_close(array, new, what="the array after new numbers were written into the first tensor")

    @criterion("the second tensor is a copy: neither sees what is written into the other", weight=3)
    def test_copy(self, student, draw):
        for dtype in [torch.float32, torch.float64]:
            values, new = draw.of(dtype).normal(4, 3), draw.of(dtype).normal(4, 3)
            _, copy = student.run(write_into_array, values=values, new=new)
            assert_close(
                copy,
                values,
                what="the second tensor after new numbers were written into the array",
                check_dtype=False,
            )
            array = student.run(write_into_tensor, values=values, new=new, which=1)
            assert_close(array, values, what="the array after new numbers were written into the second tensor")

    @criterion("the array is left as it was")
    def test_input(self, student, draw):
        values = draw.normal(4, 3)
        assert_unchanged(values, student.run(array_after_call, values=values), what="the array")


# Shape ---------------------------------------------------------------------------------------------------------------


def image(draw, n=2, a=3, b=4, c=5):
    return (draw.normal(n, a, b, c),)


def bytes_and_doubles(name):
    """Whole numbers of two dtypes, as arguments of a function `name`."""

    def arguments(draw):
        return {f"{name} of {str(dtype)[6:]}": (draw.integers(0, 200, 2, 3, 4, 5).to(dtype),) for dtype in (torch.float64, torch.uint8)}

    return arguments


def assert_contiguous(f, name, draw):
    for (X,) in (image(draw, *size) for size in IMAGES):
        value = f(X)
        expect(kind_of(value) == "tensor", f"{name}(X) is not a tensor", "wrong type")
        expect(value.is_contiguous(), f"{name}(X) is not contiguous")


ORDER = "reshape keeps the order in memory; permute changes it"
nchw_to_nhwc = case(
    reference.nchw_to_nhwc, image, IMAGES,
    slips={
        "the numbers are laid out anew in the order in which they lie in memory (reshape or view); permute moves dimensions":
            lambda X: X.reshape(X.shape[0], X.shape[2], X.shape[3], X.shape[1]),
        "the dimensions go the other way, as for nhwc_to_nchw": lambda X: X.permute(0, 3, 1, 2),
        "two dimensions are swapped, transpose(1, 3); the third has to move as well": lambda X: X.transpose(1, 3),
    },
)  # fmt: skip
nhwc_to_nchw = case(
    reference.nhwc_to_nchw, image, IMAGES,
    slips={
        "the numbers are laid out anew in the order in which they lie in memory (reshape or view); permute moves dimensions":
            lambda X: X.reshape(X.shape[0], X.shape[3], X.shape[1], X.shape[2]),
        "the dimensions go the other way, as for nchw_to_nhwc": lambda X: X.permute(0, 2, 3, 1),
        "two dimensions are swapped, transpose(1, 3); the third has to move as well": lambda X: X.transpose(1, 3),
        "X comes back as it was": lambda X: X,
    },
)  # fmt: skip


@exercise("nchw_to_nhwc")
class TestNchwToNhwc:
    test_values = nchw_to_nhwc.agrees("every number lands at [n, i, j, c]", weight=5, hint=ORDER)
    test_dtype = nchw_to_nhwc.agrees("float64 and uint8 stay what they are", arguments=bytes_and_doubles("nchw_to_nhwc"), follows=True)
    test_order = nchw_to_nhwc.keeps_dtype(title="takes numbers in any memory order")
    test_gradients = nchw_to_nhwc.gradients(title="gradients flow through")
    test_input = nchw_to_nhwc.leaves_inputs(title="X is left as it was")
    test_again = nchw_to_nhwc.again()

    @criterion("the result is contiguous", weight=2, hint="permute changes strides only; .contiguous() copies")
    def test_contiguous(self, student, draw):
        assert_contiguous(student.nchw_to_nhwc, "nchw_to_nhwc", draw)


@exercise("nhwc_to_nchw")
class TestNhwcToNchw:
    test_values = nhwc_to_nchw.agrees("every number lands at [n, c, i, j]", weight=5, hint=ORDER)
    test_dtype = nhwc_to_nchw.agrees("float64 and uint8 stay what they are", arguments=bytes_and_doubles("nhwc_to_nchw"), follows=True)
    test_order = nhwc_to_nchw.keeps_dtype(title="takes numbers in any memory order")
    test_gradients = nhwc_to_nchw.gradients(title="gradients flow through")
    test_input = nhwc_to_nchw.leaves_inputs(title="X is left as it was")
    test_again = nhwc_to_nchw.again()

    @criterion("the result is contiguous", weight=2, hint="permute changes strides only; .contiguous() copies")
    def test_contiguous(self, student, draw):
        assert_contiguous(student.nhwc_to_nchw, "nhwc_to_nchw", draw)


def rows(draw, n=5, d=3, size=2):
    return draw.normal(n, d), size


def even_parts(X, size):
    return X.split(size) if len(X) % size == 0 else None


split_batches = case(
    reference.split_batches, rows, [(6, 3, 2), (8, 2, 4), (5, 3, 1), (3, 4, 3)],
    slips={
        "X is cut into `size` parts; each part should have `size` rows": lambda X, size: list(X.chunk(size)),
        "the short last part is dropped": lambda X, size: list(X.split(size))[: len(X) // size],
        "columns are cut, not rows": lambda X, size: list(X.split(size, dim=1)) if X.ndim > 1 else None,
        "the rows that are left over are joined to the last part": lambda X, size: [*X.split(size)[: len(X) // size - 1], X[(len(X) // size - 1) * size :]]
            if len(X) >= size else None,
    },
)  # fmt: skip


@exercise("split_batches")
class TestSplitBatches:
    test_even = split_batches.agrees("parts of `size` rows, in order", weight=2, hint="split takes the size of a part, chunk the number of parts")
    test_short_last = split_batches.agrees(
        "the short last part is kept as it is", weight=3, hint="count the parts: no row may be lost or added",
        sizes=[(5, 3, 2), (7, 3, 3), (9, 2, 4), (11, 2, 4)],
    )  # fmt: skip
    test_few_rows = split_batches.agrees("fewer rows than `size` make one part", sizes=[(1, 12, 4), (5, 12, 8)])
    test_dimensions = split_batches.agrees(
        "cuts along dim 0 whatever the number of dimensions and the dtype",
        arguments=lambda draw: {
            f"for an X of shape {shape}, split_batches(X, {size})": (draw.integers(0, 100, *shape), size)
            for shape, size in [((9,), 4), ((5, 2, 3), 2), ((4, 1, 3, 2), 3)]
        } | {"for an X that is not contiguous, split_batches(X, 3)": (draw.other_order.normal(7, 3), 3)},
    )  # fmt: skip
    test_gradients = split_batches.gradients(title="gradients flow through the parts")
    test_input = split_batches.leaves_inputs(title="X is left as it was")
    test_again = split_batches.again()


def parts_to_merge(draw, count=3, n=2, d=3, stack=False):
    return [draw.normal(n, d) for _ in range(count)], stack


def merged(change):
    """A slip that does to the parts what `change` says."""
    return lambda parts, stack: change(parts, stack) if len({part.shape for part in parts}) == 1 or not stack else None


merge_batches = case(
    reference.merge_batches, parts_to_merge, [(3, 2, 4), (2, 1, 5)],
    slips={
        "stack and cat are swapped": merged(lambda parts, stack: torch.cat(parts) if stack else torch.stack(parts) if same_shapes(parts) else None),
        "the parts are put one after the other, torch.cat, where stack=True asks for a new dimension": merged(lambda parts, stack: torch.cat(parts)),
        "the parts become the entries of a new dimension, torch.stack, where stack=False asks for one after the other":
            merged(lambda parts, stack: torch.stack(parts) if same_shapes(parts) else None),
        "the parts come in the opposite order": lambda parts, stack: reference.merge_batches(parts[::-1], stack),
        "the last part is missing": lambda parts, stack: reference.merge_batches(parts[:-1], stack) if len(parts) > 1 else None,
        "the new dimension stands at dim 1; it should be dim 0":
            lambda parts, stack: torch.stack(parts, 1) if stack and parts[0].ndim else reference.merge_batches(parts, stack),
    },
)  # fmt: skip


def same_shapes(parts):
    return len({part.shape for part in parts}) == 1


@exercise("merge_batches")
class TestMergeBatches:
    test_cat = merge_batches.agrees(
        "stack=False puts the parts one after the other along dim 0", weight=2,
        arguments=lambda draw: {
            f"merge_batches(parts, False) for parts of shapes {', '.join(map(str, shapes))}": ([draw.normal(*shape) for shape in shapes], False)
            for shapes in [[(2, 5), (2, 5)], [(3, 2), (3, 2), (1, 2)], [(4,), (2,)], [(1, 2, 3), (4, 2, 3)]]
        } | {"merge_batches(parts, False) for whole numbers": ([draw.integers(0, 9, 2, 3), draw.other_order.integers(0, 9, 4, 3)], False)},
    )  # fmt: skip
    test_stack = merge_batches.agrees(
        "stack=True makes the parts the entries of a new dim 0", weight=2,
        arguments=lambda draw: {
            f"merge_batches(parts, True) for {count} parts of shape {shape}": ([draw.float64.normal(*shape) for _ in range(count)], True)
            for count, shape in [(3, (4, 2)), (2, (5,)), (4, (1, 2, 3)), (2, ())]
        },
    )  # fmt: skip
    test_single = merge_batches.agrees(
        "a single part is merged too",
        arguments=lambda draw: {f"merge_batches([part], {stack})": ([draw.normal(3, 2)], stack) for stack in (False, True)},
    )
    test_input = merge_batches.leaves_inputs(title="the parts are left as they were", sizes=[(2, 3, 2, False), (2, 3, 2, True)])
    test_again = merge_batches.again(sizes=[(3, 2, 4), (2, 1, 5)])
    test_gradients = case(
        lambda A, B, stack: reference.merge_batches([A, B], stack), lambda draw, stack=False: (draw.normal(2, 2), draw.normal(2, 2), stack),
        [(False,), (True,)], name="merge_batches", call=lambda f: lambda A, B, stack: f([A, B], stack),
    ).gradients(title="gradients flow through", sizes=[(False,), (True,)])  # fmt: skip


# Broadcasting and sums -----------------------------------------------------------------------------------------------


outer_sum = case(
    reference.outer_sum, lambda draw, n=4, m=3: (draw.normal(n), draw.normal(m)), [*SIZES, (6, 1)],
    slips={
        "entry [i, j] is a[j] + b[i]: rows and columns are swapped": lambda a, b: reference.outer_sum(b, a),
        "it is the product, not the sum": lambda a, b: a[:, None] * b,
        "all sums stand in one row": lambda a, b: reference.outer_sum(a, b).flatten(),
        "a is added to itself": lambda a, b: reference.outer_sum(a, a) if len(a) != len(b) else None,
    },
)  # fmt: skip


@exercise("outer_sum")
class TestOuterSum:
    test_values = outer_sum.agrees("entry [i, j] is a[i] + b[j]", weight=3, hint="a becomes a column (n, 1), b stays a row")
    test_dtype = outer_sum.agrees(
        "float64 and int64 stay what they are", follows=True,
        arguments=lambda draw: {
            f"outer_sum(a, b) of {str(dtype)[6:]}": (draw.integers(-50, 50, 4).to(dtype), draw.integers(-50, 50, 3).to(dtype))
            for dtype in (torch.float64, torch.int64)
        },
    )  # fmt: skip
    test_order = outer_sum.keeps_dtype(title="takes numbers in any memory order")
    test_vectorised = outer_sum.at_once("n", "m", weight=2, title="no loop over the entries of a or b")
    test_gradients = outer_sum.gradients(title="gradients reach a and b")
    test_input = outer_sum.leaves_inputs(title="a and b are left as they were")
    test_again = outer_sum.again()


def matrices(draw):
    """Random matrices, the last two of negative numbers only and not contiguous."""
    return [draw.normal(5, 3), draw.normal(1, 4), draw.normal(7, 11), -draw.uniform(4, 3, low=1, high=3), draw.float64.other_order.normal(5, 3)]


def assert_norm(student, draw, key, right, slips):
    asked = [(A, one_norm(student, A.clone(), key)) for A in matrices(draw)]
    norm = case(right, lambda draw: (draw.normal(5, 3),), name=f'norms["{key}"]', slips=slips, rtol=1e-4)
    norm.compare([((A,), value) for A, value in asked])


def one_norm(student, A, key):
    norms = student.matrix_norms(A)
    expect(kind_of(norms) == "dict", f"matrix_norms(A) is not a dict but a {kind_of(norms)}", "wrong type")
    expect(key in norms, f'matrix_norms(A) has no entry "{key}"')
    return norms[key]


def plain_norms(A):
    return {key: float(value) for key, value in reference.matrix_norms(A).items()}


matrix_norms = case(plain_norms, lambda draw, n=4, m=3: (draw.normal(n, m),), name="matrix_norms", rtol=1e-4)


@exercise("matrix_norms")
class TestMatrixNorms:
    @criterion('"l1" is the sum of all |a|', weight=2, hint="over all entries, not the largest column sum")
    def test_l1(self, student, draw):
        assert_norm(student, draw, "l1", lambda A: A.abs().sum().item(), {
            "it is the largest column sum": lambda A: A.abs().sum(0).max(), "it is the largest row sum": lambda A: A.abs().sum(1).max(),
            "the absolute values are missing": lambda A: A.sum(), "the mean is taken": lambda A: A.abs().mean(),
            "it is the largest entry": lambda A: A.abs().max(),
        })  # fmt: skip

    @criterion('"frobenius" is the root of the sum of all squares', weight=2)
    def test_frobenius(self, student, draw):
        assert_norm(student, draw, "frobenius", lambda A: (A**2).sum().sqrt().item(), {
            "the root is missing": lambda A: (A**2).sum(), "the largest singular value is taken": lambda A: torch.linalg.matrix_norm(A, 2),
            "the mean of the squares is taken": lambda A: (A**2).mean().sqrt(),
        })  # fmt: skip

    @criterion('"max" is the largest |a|', weight=2, hint="the largest absolute value may belong to a negative entry")
    def test_max(self, student, draw):
        slips = {"negative entries do not count: the absolute value is missing": lambda A: A.max()}
        assert_norm(student, draw, "max", lambda A: A.abs().max().item(), slips)

    @criterion('a dict with the entries "l1", "frobenius" and "max", no others')
    def test_keys(self, student, draw):
        A = draw.normal(4, 3)
        for key in ("l1", "frobenius", "max"):
            one_norm(student, A.clone(), key)
        expect(len(student.matrix_norms(A)) == 3, "matrix_norms(A) has more than three entries")

    test_input = matrix_norms.leaves_inputs(title="A is left as it was")
    test_again = matrix_norms.again()


def spread(draw, n=5, d=4, dim=0):
    return 3 * draw.normal(n, d) + draw.normal(d), dim


def standardized(X, dim, unbiased=False, keep=True, centre=True, root=True):
    mean = X.mean(dim, keepdim=True) if centre else 0 * X
    variance = X.var(dim, unbiased=unbiased, keepdim=True)
    return (X - mean) / (variance.sqrt() if root else variance)


standardize = case(
    reference.standardize, spread, [(4, 7), (5, 3), (9, 11)], rtol=1e-3, atol=1e-3,  # what an eps does has a criterion of its own
    slips={
        "the variance is divided by n - 1; here it is divided by n": lambda X, dim: standardized(X, dim, unbiased=True) if X.shape[dim] > 1 else None,
        "the mean is not subtracted": lambda X, dim: standardized(X, dim, centre=False),
        "it is divided by the variance; it should be its root": lambda X, dim: standardized(X, dim, root=False),
        "mean and variance are those of the whole tensor": lambda X, dim: (X - X.mean()) / X.var(unbiased=False).sqrt(),
        "it runs along dim 0, whatever dim is": lambda X, dim: standardized(X, 0),
        "it runs along dim 1, whatever dim is": lambda X, dim: standardized(X, 1) if X.ndim > 1 else None,
    },
)  # fmt: skip


def small_and_large(draw):
    return {
        "an X with two constant columns": (_with_constants(3 * draw.normal(8, 4), 3.0, -0.5), 0),
        "one row": (draw.normal(1, 3), 0),
    }


def _with_constants(X, first, second):
    X[:, 1], X[:, 3] = first, second
    return X


@exercise("standardize")
class TestStandardize:
    test_columns = standardize.agrees("the columns of a matrix (dim=0) have mean 0 and variance 1", weight=2, hint="the variance divides by n")
    test_any_dim = standardize.agrees(
        "works along any dim of any tensor", weight=2, hint="sum along dim, whatever it is, with keepdim=True",
        arguments=lambda draw: {
            f"standardize(X, {dim}) of an X of shape {shape}": (3 * draw.normal(*shape) - 1, dim)
            for shape, dim in [((4, 6), 1), ((1, 5), -1), ((7,), 0), ((3, 5, 4), 1), ((4, 3, 5), -3), ((2, 3, 5, 4), 2)]
        } | {"standardize(X, 1) of an X that is not contiguous": (3 * draw.other_order.normal(4, 5), 1)},
    )  # fmt: skip
    test_constants = standardize.agrees(
        "where all numbers are equal the result is 0", weight=2, hint="replace a variance of 0 before you divide by it", arguments=small_and_large
    )
    test_large_mean = standardize.agrees(
        "a large mean does no harm", hint="subtract the mean first, square then: E[x²] − E[x]² cancels", follows=True,
        arguments=lambda draw: {"standardize(X, 0) of numbers near 1000": (1000 + draw.normal(16, 3), 0)}, rtol=5e-3, atol=5e-3,
    )  # fmt: skip
    test_small_spread = standardize.agrees(
        "a small spread becomes variance 1 too", hint="no eps under the fraction", follows=True,
        arguments=lambda draw: {"standardize(X, 0) of numbers that differ by about 0.0001": (1e-4 * draw.float64.normal(6, 3), 0)}, rtol=2e-3, atol=1e-5,
    )  # fmt: skip
    test_dtype = standardize.keeps_dtype(title="right for float64 too, which stays float64")
    test_vectorised = standardize.at_once("n", "d", weight=2, title="no loop over rows or columns", dim=[0, 1])
    test_gradients = standardize.gradients(title="gradients flow through", sizes=[(3, 4, 0), (3, 4, 1)])
    test_input = standardize.leaves_inputs(title="X is left as it was")
    test_again = standardize.again()


# Picking entries -----------------------------------------------------------------------------------------------------


def labelled(draw, n=5, k=3):
    return draw.probabilities(n, k), draw.labels(n, k)


def one_sample(draw):
    y_hat = draw.probabilities(1, 4)
    return {"pick_probabilities of one sample": (y_hat, y_hat.argmin(1))}


pick_probabilities = case(
    reference.pick_probabilities, labelled, [(2, 6), (5, 3), (7, 11)],
    slips={
        "the result has a dimension too many: shape (n, 1)": lambda y_hat, y: reference.pick_probabilities(y_hat, y)[:, None],
        "y_hat[:, y] pairs every row with every label": lambda y_hat, y: y_hat[:, y],
        "the largest probability of each row is taken; that of the label is asked for": lambda y_hat, y: y_hat.amax(1),
        "the logarithms are given back": lambda y_hat, y: reference.pick_probabilities(y_hat, y).log(),
        "minus the logarithms are given back": lambda y_hat, y: -reference.pick_probabilities(y_hat, y).log(),
        "y_hat[y] takes whole rows": lambda y_hat, y: y_hat[y] if int(y.max()) < len(y_hat) else None,
    },
)  # fmt: skip


@exercise("pick_probabilities")
class TestPickProbabilities:
    test_values = pick_probabilities.agrees("entry i is y_hat[i, y[i]], shape (n,)", weight=3, hint="pair each row number with its label")
    test_one_sample = pick_probabilities.agrees(
        "one sample gives the shape (1,)",
        hint="squeeze(1) leaves the batch alone, squeeze() does not",
        arguments=one_sample,
        follows=True,
    )
    test_dtype = pick_probabilities.keeps_dtype(title="right for float64 too, which stays float64")
    test_gradients = pick_probabilities.gradients(weight=2, title="gradients reach y_hat")
    test_vectorised = pick_probabilities.at_once("n", weight=2, title="no loop over the samples")
    test_input = pick_probabilities.leaves_inputs(title="y_hat and y are left as they were")
    test_again = pick_probabilities.again()


one_hot = case(
    reference.one_hot, lambda draw, n=5, k=4: (draw.labels(n, k), k), [*SIZES, (9, 300)], check_dtype=False,
    slips={
        "the table is as wide as the largest label asks for; it should have num_classes columns": lambda y, k: torch.nn.functional.one_hot(y),
        "rows and columns are swapped": lambda y, k: reference.one_hot(y, k).T,
        "the labels are counted from one": lambda y, k: torch.nn.functional.one_hot((y - 1) % k, k) if bool((y > 0).all()) else None,
        "the label itself stands in its place, not a one": lambda y, k: reference.one_hot(y, k) * y[:, None],
        "every row has ones at all labels of the batch": lambda y, k: torch.isin(torch.arange(k, device=y.device), y).long().expand(len(y), k),
    },
)  # fmt: skip


@exercise("one_hot", forbid=["one_hot"])
class TestOneHot:
    test_values = one_hot.agrees("a one at the label, zeros elsewhere", weight=3)
    test_width = one_hot.agrees(
        "as many columns as num_classes, whatever labels occur", weight=2, hint="y.max() + 1 is not num_classes", follows=True,
        arguments=lambda draw: {
            f"one_hot(y, {k}) where no label is above 2": (draw.integers(0, 3, n), k) for n, k in [(4, 9), (1, 6), (3, 12)]
        } | {"one_hot(y, 4) of a y that is not contiguous": (draw.other_order.integers(0, 4, 5), 4)},
    )  # fmt: skip
    test_dtype = one_hot.agrees(
        "the result is int64", weight=2, hint="torch.zeros and torch.eye make floats unless told otherwise", sizes=[(5, 3)], check_dtype=True
    )
    test_vectorised = one_hot.at_once("n", weight=2, title="no loop over the samples", k=6)
    test_input = one_hot.leaves_inputs(title="y is left as it was")
    test_again = one_hot.again()


def ranked(draw, n=5, c=4, k=2):
    """Probabilities, and labels in no order, none of which is its own position."""
    return draw.probabilities(n, c), (100 + 7 * draw.permutation(c)).to(draw.device), k


topk_labels = case(
    reference.topk_labels, ranked, [(1, 4, 2), (5, 3, 2), (7, 11, 4)],
    slips={
        "the likeliest comes last; it should come first": lambda probs, labels, k: reference.topk_labels(probs, labels, k).flip(1),
        "the positions are given back; their labels are asked for": lambda probs, labels, k: probs.topk(k).indices,
        "the probabilities are given back; the labels are asked for": lambda probs, labels, k: probs.topk(k).values,
        "the least likely are taken": lambda probs, labels, k: reference.topk_labels(-probs, labels, k),
        "the largest of each column are taken; the samples are the rows": lambda probs, labels, k: probs.topk(min(k, len(probs)), dim=0).indices,
        "the labels of each row are sorted by name": lambda probs, labels, k: reference.topk_labels(probs, labels, k).sort(1).values,
    },
)  # fmt: skip


@exercise("topk_labels")
class TestTopkLabels:
    test_values = topk_labels.agrees("the names of the k likeliest, likeliest first", weight=3, hint="look the positions up in labels")
    test_extreme_k = topk_labels.agrees("k = 1 and k = all classes", weight=2, sizes=[(4, 5, 1), (1, 3, 1), (4, 3, 3), (2, 6, 6)], follows=True)
    test_dtype = topk_labels.agrees(
        "the result has the dtype of labels", follows=True,
        arguments=lambda draw: {
            f"topk_labels with labels of {str(dtype)[6:]}": (probs, labels.to(dtype), k)
            for dtype in (torch.int32, torch.float64) for probs, labels, k in [ranked(draw, 4, 5)]
        },
    )  # fmt: skip
    test_order = topk_labels.keeps_dtype(title="takes probs in any memory order")
    test_vectorised = topk_labels.at_once("n", weight=2, title="no loop over the samples", c=6, k=3)
    test_input = topk_labels.leaves_inputs(title="probs and labels are left as they were")
    test_again = topk_labels.again()


# All together --------------------------------------------------------------------------------------------------------


def masked(draw, n=5, d=4):
    """Numbers and a bool mask, at least one True in each row; the first row has two and a False where there is room."""
    mask = draw.mask(n, d)
    if d >= 3:
        mask[0, :3] = torch.tensor([True, False, True])
    mask[torch.arange(n), 2 * draw.integers(0, (d + 1) // 2, n)] = True
    return draw.normal(n, d), mask


masked_mean = case(
    reference.masked_mean, masked, [*SIZES, (4, 1)], rtol=1e-4, atol=1e-6, check_dtype=False,  # wide enough for a tiny eps beside the count
    slips={
        "it is divided by the length of the row; the number of Trues is asked for": lambda X, mask: (X * mask).sum(1) / X.shape[1],
        "the mask does not count": lambda X, mask: X.mean(1),
        "the entries where mask is False are taken": lambda X, mask: reference.masked_mean(X, ~mask),
        "the sum is not divided": lambda X, mask: (X * mask).sum(1),
        "the count is one too high": lambda X, mask: (X * mask).sum(1) / (mask.sum(1) + 1),
        "each column has its mean; each row should": lambda X, mask: reference.masked_mean(X.T, mask.T),
        "one mean is taken over all rows": lambda X, mask: X[mask].mean(),
        "the result has a dimension too many: shape (n, 1)": lambda X, mask: reference.masked_mean(X, mask)[:, None],
    },
)  # fmt: skip


def with_empty_rows(draw):
    X, mask = masked(draw)
    mask[1], mask[4] = False, False
    return {
        "masked_mean(X, mask) with two empty rows": (X, mask),
        "masked_mean(X, mask) of one empty row": (draw.normal(1, 3), torch.zeros(1, 3, dtype=torch.bool, device=draw.device)),
    }


def with_strange_numbers(draw):
    found = {}
    for outside in (float("nan"), float("inf"), -float("inf")):
        X, mask = masked(draw, 4, 5)
        mask[:, 3], mask[:, 0] = False, True
        X[~mask] = outside
        found[f"masked_mean(X, mask) with {outside} outside the mask"] = X, mask
    return found


@exercise("masked_mean")
class TestMaskedMean:
    test_values = masked_mean.agrees("each row's mean over the entries where mask is True", weight=3, hint="divide by the number of Trues")
    test_empty_rows = masked_mean.agrees(
        "a row without any True gives 0", weight=2, hint="never divide by a count of 0", arguments=with_empty_rows, follows=True
    )
    test_outside = masked_mean.agrees(
        "NaN and infinity outside the mask do no harm",
        weight=2,
        hint="replace what lies outside, do not multiply it",
        arguments=with_strange_numbers,
        follows=True,
    )
    test_dtype = masked_mean.keeps_dtype(
        title="float32 gives float32, float64 gives float64", hint="name no dtype, as .float() and .double() do: X brings its own"
    )
    test_vectorised = masked_mean.at_once("n", weight=2, title="no loop over the rows")
    test_gradients = masked_mean.gradients(title="gradients reach X")
    test_input = masked_mean.leaves_inputs(title="X and mask are left as they were")
    test_again = masked_mean.again()


pairwise_distances = case(
    reference.pairwise_distances, lambda draw, n=5, m=3, d=4: (draw.normal(n, d), draw.normal(m, d)), [(1, 4, 3), (5, 3, 4), (7, 1, 6), (6, 9, 2)],
    rtol=1e-4, atol=1e-4,  # the expanded square rounds more than the difference does
    slips={
        "the root is missing": lambda X, Y: reference.pairwise_distances(X, Y) ** 2,
        "entry [i, j] is the distance of X[j] and Y[i]": lambda X, Y: reference.pairwise_distances(X, Y).T,
        "the absolute differences are added up; it should be the root of their squares": lambda X, Y: (X[:, None] - Y).abs().sum(2),
        "the mean of the squares is taken; it should be their sum": lambda X, Y: ((X[:, None] - Y) ** 2).mean(2).sqrt(),
        "the largest difference is taken": lambda X, Y: (X[:, None] - Y).abs().amax(2),
    },
)  # fmt: skip
AT_ZERO = 2e-3  # sqrt(eps) for an eps of 1e-6 is accepted as 0


@exercise("pairwise_distances", forbid=["cdist", "cdist_forward", "euclidean_dist", "pdist", "pairwise_distance"])
class TestPairwiseDistances:
    test_values = pairwise_distances.agrees("entry [i, j] is the Euclidean distance of X[i] and Y[j]", weight=3)
    test_dtype = pairwise_distances.keeps_dtype(title="right for float64 too, which stays float64")
    test_vectorised = pairwise_distances.at_once("n", "m", weight=2, title="no loop over the points of X or of Y")
    test_gradients = pairwise_distances.gradients(weight=2, title="gradients reach X and Y and are right", size=(3, 2, 2))
    test_input = pairwise_distances.leaves_inputs(title="X and Y are left as they were")
    test_again = pairwise_distances.again()

    @criterion("0 between equal points, never NaN", weight=2, hint="rounding may leave a small negative number under the root")
    def test_equal_points(self, student, draw):
        X = draw.float64.normal(12, 5)
        Y = torch.cat([X[3:], draw.float64.normal(2, 5)])
        result = student.pairwise_distances(X.clone(), Y.clone())
        assert_shape(result, (12, 11), what="pairwise_distances(X, Y)")
        equal = (X[:, None] == Y).all(dim=2)
        what = "pairwise_distances(X, Y), taken where the two points are equal"
        assert_close(result[equal].double(), torch.zeros_like(X[3:, 0]), what=what, atol=AT_ZERO)
        X = 100 + draw.normal(20, 5)
        result = student.pairwise_distances(X.clone(), X.clone())
        assert_finite(result, what="pairwise_distances(X, X) of points near 100")
        expect((result >= 0).all(), "pairwise_distances(X, X) of points near 100 has a negative entry")

    @criterion("the gradient is 0 where points are equal, never NaN", weight=3, hint="the root must never see a zero")
    def test_gradients_at_equal_points(self, student, draw):
        rounded = draw.integers(-3, 4, 7, 3).double() / 2  # the expanded square of such points is exactly 0
        for points in (rounded, draw.float64.normal(7, 3)):
            X, Y = points[:5].clone().requires_grad_(), points.clone().requires_grad_()
            result = student.pairwise_distances(X, Y)
            assert_shape(result, (5, 7), what="pairwise_distances(X, Y)")
            expect(result.requires_grad, "pairwise_distances(X, Y) carries no graph: no gradient can flow back", "no gradient")
            equal = (points[:5, None] == points).all(dim=2)
            result.backward(equal * draw.float64.normal(5, 7))
            for name, x in (("X", X), ("Y", Y)):
                what = f"the gradient that reaches {name} from distances between equal points"
                expect(x.grad is not None, f"no gradient reaches {name}", "no gradient")
                assert_finite(x.grad, what=what)
                assert_close(x.grad, torch.zeros_like(x), what=what, atol=1e-3)
