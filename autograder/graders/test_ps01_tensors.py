"""Hidden grader of ps01_tensors.

Who shares whose memory cannot be seen from here, where tensors of the student's arrive as copies: `add_in_place` and `share_or_copy`
are asked by probes, which run beside the student's code.
"""

import torch

from autograder import (
    assert_close,
    assert_finite,
    assert_gradients,
    assert_shape,
    assert_unchanged,
    assert_vectorised,
    criterion,
    exercise,
    expect,
    kind_of,
)
from solutions.ps01_tensors import tensors as reference

SHAPES = [(1, 4), (5, 3), (7, 11)]
IMAGES = [(1, 3, 4, 5), (4, 2, 3, 6), (3, 1, 5, 2), (2, 4, 1, 7)]


def normal(rng, *shape, dtype=torch.float32):
    return torch.randn(shape, generator=rng, dtype=torch.float64).to(dtype)


def integers(rng, low, high, *shape):
    return torch.randint(low, high, shape, generator=rng)


def leaf(rng, *shape, offset=0.0):
    """A float64 input of a gradient check."""
    return (normal(rng, *shape, dtype=torch.float64) + offset).requires_grad_()


def assert_gradient_flow(f, *inputs, what):
    """assert_gradients for float64 inputs; a detour through float32, which rounding would betray only mostly, fails always."""
    result = f(*inputs)
    for value in result if isinstance(result, list | tuple) else [result]:
        if kind_of(value) == "tensor" and value.dtype != torch.float64:
            expect(False, f"{what} has dtype {str(value.dtype)[6:]}, expected float64", "wrong type")
    assert_gradients(f, *inputs, what=what)


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
    def test_values(self, student, rng, device):
        for shape, dtype in [((1, 4), torch.float32), ((5, 3), torch.float64), ((2, 7, 3), torch.float32)]:
            before, Y = normal(rng, *shape, dtype=dtype).to(device), normal(rng, *shape, dtype=dtype).to(device)
            X = before.clone()
            student.add_in_place(X, Y.clone())
            assert_close(X, before + Y, what="X after add_in_place(X, Y)")
        before, Y = integers(rng, -9, 9, 4, 3).to(device), integers(rng, -9, 9, 3).to(device)
        X = before.clone()
        student.add_in_place(X, Y.clone())
        assert_close(X, before + Y, what="X of shape (4, 3) after add_in_place(X, Y) with Y of shape (3,)")

    @criterion("X keeps its storage", weight=3, hint="+=, add_ and X[:] = write into the storage that is there")
    def test_storage(self, student, rng, device):
        base, Y = normal(rng, 5, 6).to(device), normal(rng, 5, 3).to(device)
        after, same = student.run(add_to_every_second_column, base=base.clone(), Y=Y.clone())
        expect(same, "X has got new storage: other tensors that share its memory do not see the sum")
        expected = base.clone()
        expected[:, ::2] += Y
        assert_close(after, expected, what="the tensor of which X is a part after add_in_place(X, Y)")

    @criterion("returns X itself")
    def test_identity(self, student, rng, device):
        X, Y = normal(rng, 4, 3).to(device), normal(rng, 4, 3).to(device)
        expect(student.add_in_place(X, Y) is X, "add_in_place(X, Y) returns something other than X itself")

    @criterion("Y is left as it was")
    def test_other_input(self, student, rng, device):
        Y = normal(rng, 4, 3).to(device)
        after = Y.clone()
        student.add_in_place(normal(rng, 4, 3).to(device), after)
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
    def test_values(self, student, rng):
        for shape in [(1,), (5,), (3, 4), (2, 1, 6)]:
            values = normal(rng, *shape)
            both = student.run(call_with_array, values=values)
            assert_close(both, (values, values), what="share_or_copy(array)")
        values = normal(rng, 3, 6)
        both = student.run(call_with_every_second_column, values=values)
        assert_close(both, (values[:, ::2], values[:, ::2]), what="share_or_copy(array[:, ::2])")

    @criterion("both tensors keep the array's dtype", hint="torch.Tensor with a capital T makes float32 of everything")
    def test_dtype(self, student, rng):
        for dtype in [torch.float64, torch.int64, torch.uint8]:
            values = integers(rng, 0, 100, 4, 3).to(dtype)
            both = student.run(call_with_array, values=values)
            assert_close(both, (values, values), what=f"for a {str(dtype)[6:]} array, share_or_copy(array)")

    @criterion("the first tensor shares the array's memory, both ways", weight=3)
    def test_shared(self, student, rng):
        for dtype in [torch.float32, torch.float64]:
            values, new = normal(rng, 4, 3, dtype=dtype), normal(rng, 4, 3, dtype=dtype)
            shares, _ = student.run(write_into_array, values=values, new=new)
            assert_close(shares, new, what="the first tensor after new numbers were written into the array")
            array = student.run(write_into_tensor, values=values, new=new, which=0)
            assert_close(array, new, what="the array after new numbers were written into the first tensor")

    @criterion("the second tensor is a copy: neither sees what is written into the other", weight=3)
    def test_copy(self, student, rng):
        for dtype in [torch.float32, torch.float64]:
            values, new = normal(rng, 4, 3, dtype=dtype), normal(rng, 4, 3, dtype=dtype)
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
    def test_input(self, student, rng):
        values = normal(rng, 4, 3)
        assert_unchanged(values, student.run(array_after_call, values=values), what="the array")


# Shape ---------------------------------------------------------------------------------------------------------------


def assert_contiguous(value, *, what):
    expect(kind_of(value) == "tensor", f"{what} is not a tensor", "wrong type")
    expect(value.is_contiguous(), f"{what} is not contiguous")


@exercise("nchw_to_nhwc")
class TestNchwToNhwc:
    @criterion("every number lands at [n, i, j, c]", weight=5, hint="reshape keeps the order in memory; permute changes it")
    def test_values(self, student, rng, device):
        for shape in IMAGES:
            X = normal(rng, *shape).to(device)
            assert_close(student.nchw_to_nhwc(X.clone()), reference.nchw_to_nhwc(X), what="nchw_to_nhwc(X)")
        X = normal(rng, 5, 2, 3, 4).to(device).transpose(0, 3)
        what = "nchw_to_nhwc(X) of an X that is not contiguous"
        right = reference.nchw_to_nhwc(X)
        assert_close(student.nchw_to_nhwc(X), right, what=what)

    @criterion("the result is contiguous", weight=2, hint="permute changes strides only; .contiguous() copies")
    def test_contiguous(self, student, rng, device):
        for shape in IMAGES:
            X = normal(rng, *shape).to(device)
            assert_contiguous(student.nchw_to_nhwc(X), what="nchw_to_nhwc(X)")

    @criterion("float64 and uint8 stay what they are")
    def test_dtype(self, student, rng, device):
        for dtype in [torch.float64, torch.uint8]:
            X = integers(rng, 0, 200, 2, 3, 4, 5).to(dtype).to(device)
            assert_close(student.nchw_to_nhwc(X.clone()), reference.nchw_to_nhwc(X), what="nchw_to_nhwc(X)")

    @criterion("gradients flow through")
    def test_gradients(self, student, rng):
        assert_gradient_flow(lambda X: student.nchw_to_nhwc(X.clone()), leaf(rng, 1, 3, 2, 2), what="nchw_to_nhwc(X)")

    @criterion("X is left as it was")
    def test_input(self, student, rng, device):
        X = normal(rng, 2, 3, 4, 5).to(device)
        after = X.clone()
        student.nchw_to_nhwc(after)
        assert_unchanged(X, after, what="X")


@exercise("nhwc_to_nchw")
class TestNhwcToNchw:
    @criterion("every number lands at [n, c, i, j]", weight=5, hint="reshape keeps the order in memory; permute changes it")
    def test_values(self, student, rng, device):
        for shape in IMAGES:
            X = normal(rng, *shape).to(device)
            assert_close(student.nhwc_to_nchw(X.clone()), reference.nhwc_to_nchw(X), what="nhwc_to_nchw(X)")
        X = normal(rng, 5, 2, 3, 4).to(device).transpose(0, 2)
        what = "nhwc_to_nchw(X) of an X that is not contiguous"
        right = reference.nhwc_to_nchw(X)
        assert_close(student.nhwc_to_nchw(X), right, what=what)

    @criterion("the result is contiguous", weight=2, hint="permute changes strides only; .contiguous() copies")
    def test_contiguous(self, student, rng, device):
        for shape in IMAGES:
            X = normal(rng, *shape).to(device)
            assert_contiguous(student.nhwc_to_nchw(X), what="nhwc_to_nchw(X)")

    @criterion("float64 and uint8 stay what they are")
    def test_dtype(self, student, rng, device):
        for dtype in [torch.float64, torch.uint8]:
            X = integers(rng, 0, 200, 2, 3, 4, 5).to(dtype).to(device)
            assert_close(student.nhwc_to_nchw(X.clone()), reference.nhwc_to_nchw(X), what="nhwc_to_nchw(X)")

    @criterion("gradients flow through")
    def test_gradients(self, student, rng):
        assert_gradient_flow(lambda X: student.nhwc_to_nchw(X.clone()), leaf(rng, 1, 2, 2, 3), what="nhwc_to_nchw(X)")

    @criterion("X is left as it was")
    def test_input(self, student, rng, device):
        X = normal(rng, 2, 3, 4, 5).to(device)
        after = X.clone()
        student.nhwc_to_nchw(after)
        assert_unchanged(X, after, what="X")


@exercise("split_batches")
class TestSplitBatches:
    @criterion("parts of `size` rows, in order", weight=2, hint="split takes the size of a part, chunk the number of parts")
    def test_even(self, student, rng, device):
        for shape, size in [((6, 3), 2), ((8, 2), 4), ((5, 3), 1), ((3, 4), 3)]:
            X = normal(rng, *shape).to(device)
            what = f"for {shape[0]} rows, split_batches(X, {size})"
            assert_close(student.split_batches(X.clone(), size), reference.split_batches(X, size), what=what)

    @criterion("the short last part is kept as it is", weight=3, hint="count the parts: no row may be lost or added")
    def test_short_last(self, student, rng, device):
        for shape, size in [((7, 3), 3), ((11, 2), 4), ((9, 2), 4), ((5, 3), 2)]:
            X = normal(rng, *shape).to(device)
            what = f"for {shape[0]} rows, split_batches(X, {size})"
            assert_close(student.split_batches(X.clone(), size), reference.split_batches(X, size), what=what)

    @criterion("fewer rows than `size` make one part")
    def test_few_rows(self, student, rng, device):
        for rows, size in [(1, 4), (5, 8)]:
            X = normal(rng, rows, 12).to(device)
            what = f"for {rows} rows, split_batches(X, {size})"
            assert_close(student.split_batches(X.clone(), size), reference.split_batches(X, size), what=what)

    @criterion("cuts along dim 0 whatever the number of dimensions and the dtype")
    def test_dimensions(self, student, rng, device):
        for shape, size in [((9,), 4), ((5, 2, 3), 2), ((4, 1, 3, 2), 3)]:
            X = integers(rng, 0, 100, *shape).to(device)
            what = f"for an X of shape {shape}, split_batches(X, {size})"
            assert_close(student.split_batches(X.clone(), size), reference.split_batches(X, size), what=what)
        X = normal(rng, 3, 7).to(device).T
        what = "for an X that is not contiguous, split_batches(X, 3)"
        right = reference.split_batches(X, 3)
        assert_close(student.split_batches(X, 3), right, what=what)

    @criterion("gradients flow through the parts")
    def test_gradients(self, student, rng):
        parts = student.split_batches(leaf(rng, 5, 2), 2)
        expect(kind_of(parts) in ("list", "tuple"), "split_batches(X, 2) is not a list", "wrong type")
        assert_gradient_flow(lambda X: tuple(student.split_batches(X.clone(), 2)), leaf(rng, 5, 2), what="split_batches(X, 2)")

    @criterion("X is left as it was")
    def test_input(self, student, rng, device):
        X = normal(rng, 5, 3).to(device)
        after = X.clone()
        student.split_batches(after, 2)
        assert_unchanged(X, after, what="X")


@exercise("merge_batches")
class TestMergeBatches:
    @criterion("stack=False puts the parts one after the other along dim 0", weight=2)
    def test_cat(self, student, rng, device):
        for shapes in [[(3, 2), (3, 2), (1, 2)], [(4,), (2,)], [(1, 2, 3), (4, 2, 3)], [(2, 5), (2, 5)]]:
            parts = [normal(rng, *shape).to(device) for shape in shapes]
            right = torch.cat(parts)
            assert_close(student.merge_batches(parts, False), right, what="merge_batches(parts, False)")
        parts = [integers(rng, 0, 9, 2, 3).to(device), integers(rng, 0, 9, 3, 4).to(device).T[:, :3]]
        right = torch.cat(parts)
        assert_close(student.merge_batches(parts, False), right, what="merge_batches(parts, False)")

    @criterion("stack=True makes the parts the entries of a new dim 0", weight=2)
    def test_stack(self, student, rng, device):
        for count, shape in [(3, (4, 2)), (2, (5,)), (4, (1, 2, 3)), (2, ())]:
            parts = [normal(rng, *shape, dtype=torch.float64).to(device) for _ in range(count)]
            right = torch.stack(parts)
            assert_close(student.merge_batches(parts, True), right, what="merge_batches(parts, True)")

    @criterion("a single part is merged too")
    def test_single(self, student, rng, device):
        part = normal(rng, 3, 2).to(device)
        assert_close(student.merge_batches([part.clone()], False), part, what="merge_batches([part], False)")
        assert_close(student.merge_batches([part.clone()], True), part[None], what="merge_batches([part], True)")

    @criterion("gradients flow through")
    def test_gradients(self, student, rng):
        for stack in (False, True):
            parts = leaf(rng, 2, 2), leaf(rng, 2, 2)
            assert_gradient_flow(
                lambda A, B, stack=stack: student.merge_batches([A.clone(), B.clone()], stack),
                *parts,
                what=f"merge_batches(parts, {stack})",
            )

    @criterion("the parts are left as they were")
    def test_input(self, student, rng, device):
        parts = [normal(rng, 3, 2).to(device) for _ in range(2)]
        for stack in (False, True):
            after = [part.clone() for part in parts]
            student.merge_batches(after, stack)
            for part, now in zip(parts, after, strict=True):
                assert_unchanged(part, now, what="one of the parts")


# Broadcasting and sums -----------------------------------------------------------------------------------------------


@exercise("outer_sum")
class TestOuterSum:
    @criterion("entry [i, j] is a[i] + b[j]", weight=3, hint="a becomes a column (n, 1), b stays a row")
    def test_values(self, student, rng, device):
        for n, m in [*SHAPES, (6, 1)]:
            a, b = normal(rng, n).to(device), normal(rng, m).to(device)
            assert_close(student.outer_sum(a.clone(), b.clone()), reference.outer_sum(a, b), what="outer_sum(a, b)")
        a, b = normal(rng, 10).to(device)[::2], normal(rng, 9).to(device)[::3]
        what = "outer_sum(a, b) of inputs that are not contiguous"
        right = reference.outer_sum(a, b)
        assert_close(student.outer_sum(a, b), right, what=what)

    @criterion("float64 and int64 stay what they are")
    def test_dtype(self, student, rng, device):
        for dtype in [torch.float64, torch.int64]:
            a, b = integers(rng, -50, 50, 4).to(dtype).to(device), integers(rng, -50, 50, 3).to(dtype).to(device)
            right = reference.outer_sum(a, b)
            assert_close(student.outer_sum(a, b), right, what=f"outer_sum(a, b) of {str(dtype)[6:]}")

    @criterion("no loop over the entries of a or b", weight=2)
    def test_vectorised(self, student, rng):
        assert_vectorised(student.outer_sum, lambda n: (normal(rng, n), normal(rng, 3)), what="outer_sum(a, b)")
        assert_vectorised(student.outer_sum, lambda m: (normal(rng, 3), normal(rng, m)), what="outer_sum(a, b)")

    @criterion("gradients reach a and b")
    def test_gradients(self, student, rng):
        assert_gradient_flow(lambda a, b: student.outer_sum(a.clone(), b.clone()), leaf(rng, 4), leaf(rng, 3), what="outer_sum(a, b)")

    @criterion("a and b are left as they were")
    def test_input(self, student, rng, device):
        a, b = normal(rng, 4).to(device), normal(rng, 3).to(device)
        a_after, b_after = a.clone(), b.clone()
        student.outer_sum(a_after, b_after)
        assert_unchanged(a, a_after, what="a")
        assert_unchanged(b, b_after, what="b")


def one_norm(student, A, key):
    norms = student.matrix_norms(A)
    expect(kind_of(norms) == "dict", f"matrix_norms(A) is not a dict but a {kind_of(norms)}", "wrong type")
    expect(key in norms, f'matrix_norms(A) has no entry "{key}"')
    return norms[key]


def matrices(rng, device):
    """Random matrices, the last two of negative numbers only and not contiguous."""
    wide = [normal(rng, n, m) for n, m in SHAPES]
    return [A.to(device) for A in [*wide, -normal(rng, 4, 3).abs() - 1, normal(rng, 3, 5, dtype=torch.float64).T]]


@exercise("matrix_norms")
class TestMatrixNorms:
    @criterion('"l1" is the sum of all |a|', weight=2, hint="over all entries, not the largest column sum")
    def test_l1(self, student, rng, device):
        for A in matrices(rng, device):
            assert_close(one_norm(student, A.clone(), "l1"), A.abs().sum().item(), what='norms["l1"]', rtol=1e-4)

    @criterion('"frobenius" is the root of the sum of all squares', weight=2)
    def test_frobenius(self, student, rng, device):
        for A in matrices(rng, device):
            right = (A**2).sum().sqrt().item()
            assert_close(one_norm(student, A.clone(), "frobenius"), right, what='norms["frobenius"]', rtol=1e-4)

    @criterion('"max" is the largest |a|', weight=2, hint="the largest absolute value may belong to a negative entry")
    def test_max(self, student, rng, device):
        for A in matrices(rng, device):
            assert_close(one_norm(student, A.clone(), "max"), A.abs().max().item(), what='norms["max"]', rtol=1e-4)

    @criterion('a dict with the entries "l1", "frobenius" and "max", no others')
    def test_keys(self, student, rng, device):
        A = normal(rng, 4, 3).to(device)
        for key in ("l1", "frobenius", "max"):
            one_norm(student, A.clone(), key)
        expect(len(student.matrix_norms(A)) == 3, "matrix_norms(A) has more than three entries")

    @criterion("A is left as it was")
    def test_input(self, student, rng, device):
        A = normal(rng, 4, 3).to(device)
        after = A.clone()
        student.matrix_norms(after)
        assert_unchanged(A, after, what="A")


STANDARDIZED = {"rtol": 1e-3, "atol": 1e-3}  # what an eps does has a criterion of its own


@exercise("standardize")
class TestStandardize:
    @criterion("the columns of a matrix (dim=0) have mean 0 and variance 1", weight=2, hint="the variance divides by n")
    def test_columns(self, student, rng, device):
        for n, d in [(4, 7), (5, 3), (9, 11)]:
            X = (3 * normal(rng, n, d) + normal(rng, d)).to(device)
            assert_close(student.standardize(X.clone(), 0), reference.standardize(X, 0), what="standardize(X, 0)", **STANDARDIZED)

    @criterion("works along any dim of any tensor", weight=2, hint="sum along dim, whatever it is, with keepdim=True")
    def test_any_dim(self, student, rng, device):
        for shape, dim in [((4, 6), 1), ((1, 5), -1), ((7,), 0), ((3, 5, 4), 1), ((4, 3, 5), -3), ((2, 3, 5, 4), 2)]:
            X = (3 * normal(rng, *shape) - 1).to(device)
            what = f"standardize(X, {dim}) of an X of shape {shape}"
            assert_close(student.standardize(X.clone(), dim), reference.standardize(X, dim), what=what, **STANDARDIZED)
        X = 3 * normal(rng, 5, 4).to(device).T
        what = "standardize(X, 1) of an X that is not contiguous"
        right = reference.standardize(X, 1)
        assert_close(student.standardize(X, 1), right, what=what, **STANDARDIZED)

    @criterion("where all numbers are equal the result is 0", weight=2, hint="replace a variance of 0 before you divide by it")
    def test_constants(self, student, rng, device):
        X = 3 * normal(rng, 8, 4).to(device)
        X[:, 1], X[:, 3] = 3.0, -0.5
        what = "standardize(X, 0) of an X with two constant columns"
        assert_close(student.standardize(X.clone(), 0), reference.standardize(X, 0), what=what, **STANDARDIZED)
        one_row = normal(rng, 1, 3).to(device)
        assert_close(student.standardize(one_row.clone(), 0), torch.zeros_like(one_row), what="standardize(X, 0) of one row")

    @criterion("a large mean does no harm", hint="subtract the mean first, square then: E[x²] − E[x]² cancels")
    def test_large_mean(self, student, rng, device):
        X = (1000 + normal(rng, 16, 3)).to(device)
        what = "standardize(X, 0) of numbers near 1000"
        assert_close(student.standardize(X.clone(), 0), reference.standardize(X, 0), what=what, rtol=5e-3, atol=5e-3)

    @criterion("a small spread becomes variance 1 too", hint="no eps under the fraction")
    def test_small_spread(self, student, rng, device):
        X = (1e-4 * normal(rng, 6, 3, dtype=torch.float64)).to(device)
        what = "standardize(X, 0) of numbers that differ by about 0.0001"
        assert_close(student.standardize(X.clone(), 0), reference.standardize(X, 0), what=what, rtol=2e-3, atol=1e-5)

    @criterion("right for float64 too, which stays float64")
    def test_dtype(self, student, rng, device):
        X = 3 * normal(rng, 6, 4, dtype=torch.float64).to(device)
        assert_close(student.standardize(X.clone(), 0), reference.standardize(X, 0), what="standardize(X, 0)", **STANDARDIZED)

    @criterion("no loop over rows or columns", weight=2)
    def test_vectorised(self, student, rng):
        for dim in (0, 1):
            assert_vectorised(student.standardize, lambda n, dim=dim: (normal(rng, n, 3), dim), what=f"standardize(X, {dim})")
        assert_vectorised(student.standardize, lambda d: (normal(rng, 3, d), 0), what="standardize(X, 0)")

    @criterion("gradients flow through")
    def test_gradients(self, student, rng):
        for dim in (0, 1):
            X = leaf(rng, 3, 4)
            assert_gradient_flow(lambda X, dim=dim: student.standardize(X.clone(), dim), X, what=f"standardize(X, {dim})")

    @criterion("X is left as it was")
    def test_input(self, student, rng, device):
        X = normal(rng, 4, 3).to(device)
        X[:, 1] = 2.0
        after = X.clone()
        student.standardize(after, 0)
        assert_unchanged(X, after, what="X")


# Picking entries -----------------------------------------------------------------------------------------------------


def probabilities(rng, n, k, dtype=torch.float32):
    return normal(rng, n, k, dtype=torch.float64).softmax(dim=1).to(dtype)


@exercise("pick_probabilities")
class TestPickProbabilities:
    @criterion("entry i is y_hat[i, y[i]], shape (n,)", weight=3, hint="pair each row number with its label")
    def test_values(self, student, rng, device):
        for n, k in [(5, 3), (7, 11), (2, 6)]:
            y_hat, y = probabilities(rng, n, k).to(device), integers(rng, 0, k, n).to(device)
            right = reference.pick_probabilities(y_hat, y)
            assert_close(student.pick_probabilities(y_hat.clone(), y.clone()), right, what="pick_probabilities(y_hat, y)")
        y_hat, y = probabilities(rng, 4, 6).to(device).T, integers(rng, 0, 4, 6).to(device)
        what = "pick_probabilities(y_hat, y) of a y_hat that is not contiguous"
        right = reference.pick_probabilities(y_hat, y)
        assert_close(student.pick_probabilities(y_hat, y), right, what=what)

    @criterion("one sample gives the shape (1,)", hint="squeeze(1) leaves the batch alone, squeeze() does not")
    def test_one_sample(self, student, rng, device):
        y_hat = probabilities(rng, 1, 4).to(device)
        y = y_hat.argmin(dim=1)
        right = reference.pick_probabilities(y_hat, y)
        assert_close(student.pick_probabilities(y_hat, y), right, what="pick_probabilities(y_hat, y) of one sample")

    @criterion("right for float64 too, which stays float64")
    def test_dtype(self, student, rng, device):
        y_hat, y = probabilities(rng, 5, 3, torch.float64).to(device), integers(rng, 0, 3, 5).to(device)
        right = reference.pick_probabilities(y_hat, y)
        assert_close(student.pick_probabilities(y_hat, y), right, what="pick_probabilities(y_hat, y)")

    @criterion("gradients reach y_hat", weight=2)
    def test_gradients(self, student, rng):
        y_hat, y = probabilities(rng, 4, 3, torch.float64).requires_grad_(), integers(rng, 0, 3, 4)
        assert_gradient_flow(lambda y_hat: student.pick_probabilities(y_hat.clone(), y.clone()), y_hat, what="pick_probabilities(y_hat, y)")

    @criterion("no loop over the samples", weight=2)
    def test_vectorised(self, student, rng):
        assert_vectorised(
            student.pick_probabilities,
            lambda n: (probabilities(rng, n, 5), integers(rng, 0, 5, n)),
            what="pick_probabilities(y_hat, y)",
        )

    @criterion("y_hat and y are left as they were")
    def test_input(self, student, rng, device):
        y_hat, y = probabilities(rng, 5, 3).to(device), integers(rng, 0, 3, 5).to(device)
        y_hat_after, y_after = y_hat.clone(), y.clone()
        student.pick_probabilities(y_hat_after, y_after)
        assert_unchanged(y_hat, y_hat_after, what="y_hat")
        assert_unchanged(y, y_after, what="y")


@exercise("one_hot", forbid=["one_hot"])
class TestOneHot:
    @criterion("a one at the label, zeros elsewhere", weight=3)
    def test_values(self, student, rng, device):
        for n, k in SHAPES:
            y = integers(rng, 0, k, n)
            y[-1] = k - 1
            y = y.to(device)
            assert_close(student.one_hot(y.clone(), k), reference.one_hot(y, k), what=f"one_hot(y, {k})", check_dtype=False)
        y = integers(rng, 0, 4, 5, 2).to(device)[:, 1]
        right = reference.one_hot(y, 4)
        assert_close(student.one_hot(y, 4), right, what="one_hot(y, 4) of a y that is not contiguous", check_dtype=False)

    @criterion("as many columns as num_classes, whatever labels occur", weight=2, hint="y.max() + 1 is not num_classes")
    def test_width(self, student, rng, device):
        for n, k in [(4, 9), (1, 6), (3, 12)]:
            y = integers(rng, 0, 3, n).to(device)
            what = f"one_hot(y, {k}) where no label is above 2"
            assert_close(student.one_hot(y.clone(), k), reference.one_hot(y, k), what=what, check_dtype=False)

    @criterion("the result is int64", weight=2, hint="torch.zeros and torch.eye make floats unless told otherwise")
    def test_dtype(self, student, rng, device):
        y = integers(rng, 0, 3, 5)
        y[:2] = torch.tensor([2, 0])
        y = y.to(device)
        assert_close(student.one_hot(y.clone(), 3), reference.one_hot(y, 3), what="one_hot(y, 3)")

    @criterion("no loop over the samples", weight=2)
    def test_vectorised(self, student, rng):
        assert_vectorised(student.one_hot, lambda n: (integers(rng, 0, 5, n), 5), what="one_hot(y, 5)")

    @criterion("y is left as it was")
    def test_input(self, student, rng, device):
        y = integers(rng, 0, 4, 6).to(device)
        after = y.clone()
        student.one_hot(after, 4)
        assert_unchanged(y, after, what="y")


def names(rng, c, dtype=torch.int64):
    """Labels in no order, none of which is its own position."""
    return (100 + 7 * torch.randperm(c, generator=rng)).to(dtype)


@exercise("topk_labels")
class TestTopkLabels:
    @criterion("the names of the k likeliest, likeliest first", weight=3, hint="look the positions up in labels")
    def test_values(self, student, rng, device):
        for n, c, k in [(1, 4, 2), (5, 3, 2), (7, 11, 4)]:
            probs, labels = probabilities(rng, n, c).to(device), names(rng, c).to(device)
            right = reference.topk_labels(probs, labels, k)
            assert_close(student.topk_labels(probs.clone(), labels.clone(), k), right, what=f"topk_labels(probs, labels, {k})")
        probs, labels = probabilities(rng, 5, 4).to(device).T, names(rng, 5).to(device)
        what = "topk_labels(probs, labels, 3) of probs that are not contiguous"
        right = reference.topk_labels(probs, labels, 3)
        assert_close(student.topk_labels(probs, labels, 3), right, what=what)

    @criterion("k = 1 and k = all classes", weight=2)
    def test_extreme_k(self, student, rng, device):
        for n, c, k in [(4, 5, 1), (1, 3, 1), (4, 3, 3), (2, 6, 6)]:
            probs, labels = probabilities(rng, n, c).to(device), names(rng, c).to(device)
            right = reference.topk_labels(probs, labels, k)
            what = f"topk_labels(probs, labels, {k}) of {c} classes"
            assert_close(student.topk_labels(probs.clone(), labels.clone(), k), right, what=what)

    @criterion("the result has the dtype of labels")
    def test_dtype(self, student, rng, device):
        for dtype in [torch.int32, torch.float64]:
            probs, labels = probabilities(rng, 4, 5).to(device), names(rng, 5, dtype).to(device)
            right = reference.topk_labels(probs, labels, 2)
            assert_close(student.topk_labels(probs, labels, 2), right, what=f"topk_labels with labels of {str(dtype)[6:]}")

    @criterion("no loop over the samples", weight=2)
    def test_vectorised(self, student, rng):
        labels = names(rng, 6)
        assert_vectorised(student.topk_labels, lambda n: (probabilities(rng, n, 6), labels, 3), what="topk_labels(probs, labels, 3)")

    @criterion("probs and labels are left as they were")
    def test_input(self, student, rng, device):
        probs, labels = probabilities(rng, 5, 4).to(device), names(rng, 4).to(device)
        probs_after, labels_after = probs.clone(), labels.clone()
        student.topk_labels(probs_after, labels_after, 2)
        assert_unchanged(probs, probs_after, what="probs")
        assert_unchanged(labels, labels_after, what="labels")


# All together --------------------------------------------------------------------------------------------------------


def random_mask(rng, n, d):
    """bool (n, d), at least one True in each row; the first row has two and a False where there is room."""
    mask = torch.rand(n, d, generator=rng) < 0.5
    if d >= 3:
        mask[0, :3] = torch.tensor([True, False, True])
    mask[torch.arange(n), 2 * integers(rng, 0, (d + 1) // 2, n)] = True
    return mask


MEAN = {"rtol": 1e-4, "atol": 1e-6}  # wide enough for a tiny eps beside the count


@exercise("masked_mean")
class TestMaskedMean:
    @criterion("each row's mean over the entries where mask is True", weight=3, hint="divide by the number of Trues")
    def test_values(self, student, rng, device):
        for n, d in [*SHAPES, (4, 1)]:
            X, mask = normal(rng, n, d).to(device), random_mask(rng, n, d).to(device)
            right = reference.masked_mean(X, mask)
            assert_close(student.masked_mean(X.clone(), mask.clone()), right, what="masked_mean(X, mask)", **MEAN, check_dtype=False)
        X, mask = normal(rng, 6, 4).to(device).T, random_mask(rng, 6, 4).to(device).T
        mask = mask | (torch.arange(6, device=device) == 2)
        what = "masked_mean(X, mask) of inputs that are not contiguous"
        right = reference.masked_mean(X, mask)
        assert_close(student.masked_mean(X, mask), right, what=what, **MEAN, check_dtype=False)

    @criterion("a row without any True gives 0", weight=2, hint="never divide by a count of 0")
    def test_empty_rows(self, student, rng, device):
        X, mask = normal(rng, 5, 4).to(device), random_mask(rng, 5, 4).to(device)
        mask[1], mask[4] = False, False
        right = reference.masked_mean(X, mask)
        assert_close(student.masked_mean(X.clone(), mask.clone()), right, what="masked_mean(X, mask) with two empty rows", check_dtype=False)
        X, mask = normal(rng, 1, 3).to(device), torch.zeros(1, 3, dtype=torch.bool, device=device)
        result = student.masked_mean(X, mask)
        assert_close(result, torch.zeros(1, device=device), what="masked_mean(X, mask) of one empty row", check_dtype=False)

    @criterion("NaN and infinity outside the mask do no harm", weight=2, hint="replace what lies outside, do not multiply it")
    def test_outside(self, student, rng, device):
        for outside in (float("nan"), float("inf"), -float("inf")):
            X, mask = normal(rng, 4, 5).to(device), random_mask(rng, 4, 5).to(device)
            mask[:, 3] = False
            mask[:, 0] = True
            X[~mask] = outside
            what = f"masked_mean(X, mask) with {outside} outside the mask"
            assert_close(student.masked_mean(X.clone(), mask), reference.masked_mean(X, mask), what=what, **MEAN, check_dtype=False)

    @criterion("float32 gives float32, float64 gives float64", hint="name no dtype, as .float() and .double() do: X brings its own")
    def test_dtype(self, student, rng, device):
        mask = random_mask(rng, 5, 3).to(device)
        for dtype in (torch.float64, torch.float32):
            X = normal(rng, 5, 3, dtype=dtype).to(device)
            assert_close(student.masked_mean(X, mask), reference.masked_mean(X, mask), what="masked_mean(X, mask)", **MEAN)

    @criterion("no loop over the rows", weight=2)
    def test_vectorised(self, student, rng):
        assert_vectorised(student.masked_mean, lambda n: (normal(rng, n, 6), random_mask(rng, n, 6)), what="masked_mean(X, mask)")

    @criterion("gradients reach X")
    def test_gradients(self, student, rng):
        mask = random_mask(rng, 4, 3)
        assert_gradient_flow(lambda X: student.masked_mean(X.clone(), mask.clone()), leaf(rng, 4, 3), what="masked_mean(X, mask)")

    @criterion("X and mask are left as they were")
    def test_input(self, student, rng, device):
        X, mask = normal(rng, 5, 4).to(device), random_mask(rng, 5, 4).to(device)
        mask[1] = False
        X_after, mask_after = X.clone(), mask.clone()
        student.masked_mean(X_after, mask_after)
        assert_unchanged(X, X_after, what="X")
        assert_unchanged(mask, mask_after, what="mask")


DISTANCE = {"rtol": 1e-4, "atol": 1e-4}  # the expanded square rounds more than the difference does
AT_ZERO = 2e-3  # sqrt(eps) for an eps of 1e-6 is accepted as 0


@exercise("pairwise_distances", forbid=["cdist", "cdist_forward", "euclidean_dist", "pdist", "pairwise_distance"])
class TestPairwiseDistances:
    @criterion("entry [i, j] is the Euclidean distance of X[i] and Y[j]", weight=3)
    def test_values(self, student, rng, device):
        for n, m, d in [(1, 4, 3), (5, 3, 4), (7, 1, 6), (6, 9, 2)]:
            X, Y = normal(rng, n, d).to(device), normal(rng, m, d).to(device)
            right = reference.pairwise_distances(X, Y)
            assert_close(student.pairwise_distances(X.clone(), Y.clone()), right, what="pairwise_distances(X, Y)", **DISTANCE)
        X, Y = normal(rng, 3, 5).to(device).T, normal(rng, 3, 4).to(device).T
        what = "pairwise_distances(X, Y) of inputs that are not contiguous"
        right = reference.pairwise_distances(X, Y)
        assert_close(student.pairwise_distances(X, Y), right, what=what, **DISTANCE)

    @criterion("0 between equal points, never NaN", weight=2, hint="rounding may leave a small negative number under the root")
    def test_equal_points(self, student, rng, device):
        X = normal(rng, 12, 5, dtype=torch.float64).to(device)
        Y = torch.cat([X[3:], normal(rng, 2, 5, dtype=torch.float64).to(device)])
        result = student.pairwise_distances(X.clone(), Y.clone())
        assert_shape(result, (12, 11), what="pairwise_distances(X, Y)")
        equal = (X[:, None] == Y).all(dim=2)
        what = "pairwise_distances(X, Y), taken where the two points are equal"
        assert_close(result[equal].double(), torch.zeros_like(X[3:, 0]), what=what, atol=AT_ZERO)
        X = (100 + normal(rng, 20, 5)).to(device)
        result = student.pairwise_distances(X.clone(), X.clone())
        assert_finite(result, what="pairwise_distances(X, X) of points near 100")
        expect((result >= 0).all(), "pairwise_distances(X, X) of points near 100 has a negative entry")

    @criterion("gradients reach X and Y and are right", weight=2)
    def test_gradients(self, student, rng):
        X, Y = leaf(rng, 3, 2), leaf(rng, 2, 2, offset=3.0)
        assert_gradient_flow(lambda X, Y: student.pairwise_distances(X.clone(), Y.clone()), X, Y, what="pairwise_distances(X, Y)")

    @criterion("the gradient is 0 where points are equal, never NaN", weight=3, hint="the root must never see a zero")
    def test_gradients_at_equal_points(self, student, rng, device):
        rounded = integers(rng, -3, 4, 7, 3).double() / 2  # the expanded square of such points is exactly 0
        for points in (rounded.to(device), normal(rng, 7, 3, dtype=torch.float64).to(device)):
            X, Y = points[:5].clone().requires_grad_(), points.clone().requires_grad_()
            result = student.pairwise_distances(X, Y)
            assert_shape(result, (5, 7), what="pairwise_distances(X, Y)")
            expect(result.requires_grad, "pairwise_distances(X, Y) carries no graph: no gradient can flow back", "no gradient")
            equal = (points[:5, None] == points).all(dim=2)
            result.backward(equal * normal(rng, 5, 7, dtype=torch.float64).to(device))
            for name, x in (("X", X), ("Y", Y)):
                what = f"the gradient that reaches {name} from distances between equal points"
                expect(x.grad is not None, f"no gradient reaches {name}", "no gradient")
                assert_finite(x.grad, what=what)
                assert_close(x.grad, torch.zeros_like(x), what=what, atol=1e-3)

    @criterion("right for float64 too, which stays float64")
    def test_dtype(self, student, rng, device):
        X, Y = (normal(rng, n, 4, dtype=torch.float64).to(device) for n in (5, 3))
        right = reference.pairwise_distances(X, Y)
        assert_close(student.pairwise_distances(X, Y), right, what="pairwise_distances(X, Y)", **DISTANCE)

    @criterion("no loop over the points of X or of Y", weight=2)
    def test_vectorised(self, student, rng):
        what = "pairwise_distances(X, Y)"
        assert_vectorised(student.pairwise_distances, lambda n: (normal(rng, n, 3), normal(rng, 5, 3)), what=what)
        assert_vectorised(student.pairwise_distances, lambda m: (normal(rng, 5, 3), normal(rng, m, 3)), what=what)

    @criterion("X and Y are left as they were")
    def test_input(self, student, rng, device):
        X, Y = normal(rng, 5, 3).to(device), normal(rng, 4, 3).to(device)
        X_after, Y_after = X.clone(), Y.clone()
        student.pairwise_distances(X_after, Y_after)
        assert_unchanged(X, X_after, what="X")
        assert_unchanged(Y, Y_after, what="Y")
