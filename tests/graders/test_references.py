"""References equal the operations of PyTorch, NumPy and scikit-learn where these have the same meaning."""

import math

import numpy
import pandas as pd
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch.nn import functional as F
from torchvision import ops

from solutions.ps01_tensors import tensors
from solutions.ps02_data_and_linear_algebra import data_and_linear_algebra as data
from solutions.ps03_autograd import autograd
from solutions.ps04_linear_regression import linear_regression as linear
from solutions.ps05_softmax_regression import softmax_regression as softmax
from solutions.ps07_generalization import generalization
from solutions.ps08_initialization import initialization
from solutions.ps09_modules import modules
from solutions.ps10_convolution import convolution
from solutions.ps14_optimizers import optimizers
from solutions.ps15_rnn import rnn as recurrent
from solutions.ps17_seq2seq import seq2seq
from solutions.ps22_object_detection import object_detection as detection


@pytest.fixture(params=[torch.float32, torch.float64])
def X(request):
    return torch.randn(5, 7, generator=torch.Generator().manual_seed(3), dtype=request.param)


@pytest.fixture
def images():
    return torch.randn(3, 4, 9, 8, generator=torch.Generator().manual_seed(4))


def test_softmax_and_log_softmax(X):
    torch.testing.assert_close(softmax.softmax(X), torch.softmax(X, dim=1))
    torch.testing.assert_close(softmax.log_softmax(X), torch.log_softmax(X, dim=1))


def test_cross_entropy_and_its_gradient(X):
    y = torch.tensor([0, 6, 2, 2, 5])
    scores = X.clone().requires_grad_()
    F.cross_entropy(scores, y, reduction="sum").backward()
    torch.testing.assert_close(softmax.softmax_cross_entropy_grad(X, y), scores.grad)
    torch.testing.assert_close(softmax.cross_entropy(torch.softmax(X, 1), y), F.cross_entropy(X, y, reduction="none"))


def test_softmax_jacobian(X):
    p = torch.softmax(X, dim=1)
    expected = torch.stack([torch.autograd.functional.jacobian(lambda row: torch.softmax(row, 0), row) for row in X])
    torch.testing.assert_close(softmax.softmax_jacobian(p), expected)


def test_sgd_equals_torch_sgd_on_the_mean_loss(X):
    mine, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    optimizer = torch.optim.SGD([theirs], lr=0.1)
    (mine**2).sum().backward()
    softmax.sgd([mine], 0.1, 5)
    ((theirs**2).sum() / 5).backward()
    optimizer.step()
    torch.testing.assert_close(mine, theirs)


@pytest.mark.parametrize("delta", [0.3, 1.0, 2.5])
def test_regression_losses_and_their_derivatives(X, delta):
    y_hat, y = X[:, :1].clone().requires_grad_(), X[:, 1]
    pairs = {
        "l2": (linear.squared_loss(y_hat, y), F.mse_loss(y_hat, y[:, None], reduction="none") / 2),
        "l1": (linear.l1_loss(y_hat, y), F.l1_loss(y_hat, y[:, None], reduction="none")),
        "huber": (linear.huber_loss(y_hat, y, delta), F.huber_loss(y_hat, y[:, None], reduction="none", delta=delta)),
    }
    for name, (mine, theirs) in pairs.items():
        torch.testing.assert_close(mine, theirs)
        torch.testing.assert_close(linear.loss_gradient(name, y_hat.detach(), y, delta), torch.autograd.grad(theirs.sum(), y_hat)[0])


def test_linear_regression(X):
    features, labels = X[:, :3], X[:, 3]
    model = torch.nn.Linear(3, 1, dtype=X.dtype)
    w, b = model.weight.detach().T, model.bias.detach()
    torch.testing.assert_close(linear.linreg(features, w, b), model(features))
    (F.mse_loss(model(features), labels[:, None], reduction="sum") / 2).backward()
    torch.testing.assert_close(linear.linreg_gradients(features, labels, w, b), (model.weight.grad.T, model.bias.grad))
    A = torch.cat([features, torch.ones_like(features[:, :1])], dim=1)
    theta = torch.linalg.lstsq(A.double(), labels.double()[:, None]).solution.to(X.dtype)
    torch.testing.assert_close(linear.normal_equations(features, labels), (theta[:-1], theta[-1]), rtol=1e-4, atol=1e-4)
    expected = 2 * len(A) / torch.linalg.matrix_norm(A, 2).item() ** 2
    assert linear.largest_learning_rate(features) == pytest.approx(expected, rel=1e-5)


def test_full_batch_descent_equals_torch_sgd(X):
    features, labels = X[:, :3], X[:, 3:4]
    model = torch.nn.Linear(3, 1, dtype=X.dtype)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    for _ in range(5):
        optimizer.zero_grad()
        F.huber_loss(model(features), labels).backward()
        optimizer.step()
    w, b = linear.fit_linear(features, labels, lambda y_hat, y: linear.loss_gradient("huber", y_hat, y), 0.2, 5)
    torch.testing.assert_close((w, b), (model.weight.detach().T, model.bias.detach()))


def test_tensor_operations(X):
    Y = torch.randn(4, 7, generator=torch.Generator().manual_seed(5), dtype=X.dtype)
    # cdist by differences: its default goes by a matrix product and loses digits.
    torch.testing.assert_close(tensors.pairwise_distances(X, Y), torch.cdist(X, Y, compute_mode="donot_use_mm_for_euclid_dist"), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(tensors.outer_sum(X[0], Y[0]), X[0][:, None] + Y[0][None])
    y = torch.tensor([3, 0, 6])
    torch.testing.assert_close(tensors.one_hot(y, 7), F.one_hot(y, 7))
    torch.testing.assert_close(tensors.pick_probabilities(X, torch.tensor([0, 1, 2, 3, 4])), X.gather(1, torch.arange(5)[:, None])[:, 0])
    labels = torch.tensor([10, 11, 12, 13, 14, 15, 16])
    torch.testing.assert_close(tensors.topk_labels(X, labels, 3), labels[X.topk(3, dim=1).indices])
    torch.testing.assert_close(tensors.matrix_norms(X)["frobenius"], torch.linalg.norm(X), check_dtype=False)


def test_layout(images):
    nhwc = tensors.nchw_to_nhwc(images)
    torch.testing.assert_close(nhwc, images.permute(0, 2, 3, 1))
    torch.testing.assert_close(tensors.nhwc_to_nchw(nhwc), images)


def test_derivatives_of_functions(X):
    x, v = X[0], X[1, :5]
    f = lambda z: torch.tanh(X @ z) * z.sum()
    expected = torch.autograd.functional.jacobian(f, x)
    torch.testing.assert_close(autograd.jacobian(f, x), expected)
    torch.testing.assert_close(autograd.vjp(f, x, v), v @ expected)
    height = lambda z: torch.sin(X @ z).sum() + z.prod()
    torch.testing.assert_close(autograd.critical_point(height, x)[0], torch.autograd.functional.hessian(height, x))
    torch.testing.assert_close(autograd.numerical_gradient(height, x, 1e-2), torch.autograd.functional.jacobian(height, x), rtol=1e-3, atol=1e-3)


def test_matrix_derivatives(X):
    A, B, a, x = X[:3, :4], X[:4, 3:], X[0, :4], X[1, :4]
    jacobian = torch.autograd.functional.jacobian
    derived = autograd.matrix_derivatives(A, B, a, x, 1.5)
    of_x = {
        "a.x": lambda z: a @ z,
        "x.x": lambda z: z @ z,
        "x.Bx": lambda z: z @ B @ z,
        "x": lambda z: z * 1,
        "Ax": lambda z: A @ z,
        "Ax.Ax": lambda z: (A @ z) @ (A @ z),
    }
    for key, f in of_x.items():
        torch.testing.assert_close(derived[key], jacobian(f, x).reshape(derived[key].shape))
    torch.testing.assert_close(derived["ttAx"][:, 0], jacobian(lambda t: t * t * (A @ x), torch.tensor(1.5, dtype=x.dtype)))


def test_heron_sqrt_and_the_delta_rule(X):
    a = X.abs().requires_grad_()
    roots = autograd.heron_sqrt(a)
    torch.testing.assert_close(roots, a.sqrt())
    torch.testing.assert_close(torch.autograd.grad(roots.sum(), a)[0], 0.5 / a.detach().sqrt(), rtol=1e-5, atol=1e-5)
    W1, W2 = X[:3].clone().requires_grad_(), X[:2, :3].clone().requires_grad_()
    T = X[:, 2:4].abs()
    loss = 0.5 * F.mse_loss(torch.sigmoid(torch.sigmoid(X @ W1.T) @ W2.T), T, reduction="sum")
    torch.testing.assert_close(autograd.delta_rule(X, W1.detach(), W2.detach(), T), torch.autograd.grad(loss, (W1, W2)))


def test_minimize_equals_torch_sgd(X):
    mine, _ = autograd.minimize(lambda z: (z**4).sum(), X[0], 0.01, 5)
    theirs = X[0].clone().requires_grad_()
    optimizer = torch.optim.SGD([theirs], lr=0.01)
    for _ in range(5):
        optimizer.zero_grad()
        (theirs**4).sum().backward()
        optimizer.step()
    torch.testing.assert_close(mine, theirs.detach())


def test_dual_and_value_equal_autograd():
    def program(a, b):
        c = a * b - 2 / b
        return (c.exp() + a**3).log() * (1 - c) + b / (a * a + 1)

    numbers = [1.3, 0.7]
    leaves = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]
    result = program(*leaves)
    expected = [slope.item() for slope in torch.autograd.grad(result, leaves)]
    values = [autograd.Value(number) for number in numbers]
    y = program(*values)
    y.backward()
    assert [y.data, *(value.grad for value in values)] == pytest.approx([result.item(), *expected])
    for i, slope in enumerate(expected):
        y = program(*(autograd.Dual(number, float(i == j)) for j, number in enumerate(numbers)))
        assert [y.value, y.derivative] == pytest.approx([result.item(), slope])


def test_standardize_equals_batch_norm_without_eps(X):
    expected = F.batch_norm(X, None, None, training=True, eps=1e-30)
    torch.testing.assert_close(tensors.standardize(X, 0), expected)


def test_cross_correlation(images):
    X, K = images[0, 0], images[1, 1, :3, :2]
    torch.testing.assert_close(convolution.corr2d(X, K), F.conv2d(X[None, None], K[None, None])[0, 0])
    W = torch.randn(6, 4, 3, 2, generator=torch.Generator().manual_seed(6))
    torch.testing.assert_close(convolution.corr2d_multi_in(images[0], W[0]), F.conv2d(images[:1], W[:1])[0, 0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(convolution.corr2d_multi_in_out(images[0], W), F.conv2d(images[:1], W)[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), ((2, 1), (0, 2))])
def test_conv2d_and_pooling(images, stride, padding):
    W, b = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(7)), torch.randn(6, generator=torch.Generator().manual_seed(8))
    torch.testing.assert_close(convolution.conv2d(images, W, b, stride, padding), F.conv2d(images, W, b, stride, padding), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("padding", [0, 1])
def test_pool2d(images, padding):
    torch.testing.assert_close(convolution.pool2d(images, 3, "max", 2, padding), F.max_pool2d(images, 3, 2, padding))
    torch.testing.assert_close(convolution.pool2d(images, 3, "avg", 2, padding), F.avg_pool2d(images, 3, 2, padding))


def test_upsample_and_pad(images):
    torch.testing.assert_close(convolution.upsample_nearest(images, 2), F.interpolate(images, scale_factor=2))
    torch.testing.assert_close(convolution.pad2d(images, (1, 2)), F.pad(images, (2, 2, 1, 1)))


def test_sums_products_and_norms(X):
    positive, batch = X.abs(), torch.stack([X, 2 * X])
    torch.testing.assert_close(data.shares(positive, 1), F.normalize(positive, p=1, dim=1))
    torch.testing.assert_close(data.moving_average(X, 3), F.avg_pool1d(X.T[None], 3, stride=1)[0].T)
    for A, B in [(X, X.T), (X[0], X[1]), (X, X[0]), (X[:, 0], X), (batch, X.T), (X[0], batch.mT), (batch, batch[0, 1])]:
        torch.testing.assert_close(data.matmul(A, B), torch.matmul(A, B))
    for p, dim, keepdim in [(1, 0, False), (2, 1, True), (3.5, (0, 1), False), (math.inf, None, False), (2, None, True)]:
        torch.testing.assert_close(data.p_norm(X, p, dim, keepdim), torch.linalg.vector_norm(X, p, dim, keepdim))


def test_components(X):
    components, Z = data.pca(X, 3)
    right = PCA(n_components=3).fit(X.double().numpy())
    torch.testing.assert_close((components.double() @ torch.tensor(right.components_).T).abs(), torch.eye(3, dtype=torch.float64), rtol=0, atol=1e-5)
    torch.testing.assert_close(Z.double().norm(dim=0), torch.tensor(right.singular_values_), rtol=1e-5, atol=1e-5)


def test_tables():
    train = pd.DataFrame({"Area": [40.0, None, 61.5, 80.5], "Rooms": [1, 2, 2, 5], "street": ["North", None, "South", "North"]})
    test = pd.DataFrame({"Area": [33.5, None], "Rooms": [4, 3], "street": ["West", None]})
    numbers = ["Area", "Rooms"]
    filled = data.fill_missing(train)
    torch.testing.assert_close(torch.tensor(filled[numbers].to_numpy(dtype=float)), torch.tensor(SimpleImputer().fit_transform(train[numbers])))
    scaler = StandardScaler().fit(train[numbers])
    for mine, table in zip(data.standardize_features(train, test), (train, test)):
        right = torch.tensor(scaler.transform(table[numbers])).nan_to_num(nan=0.0)
        torch.testing.assert_close(torch.tensor(mine[numbers].to_numpy(dtype=float)), right)
    encoder = OneHotEncoder(sparse_output=False).fit(pd.concat([train, test])[["street"]])
    for mine, table in zip(data.encode_categories(train, test), (train, test)):
        columns = [f"street_{one}" for one in encoder.categories_[0]]
        assert mine[columns].astype(float).to_numpy().tolist() == encoder.transform(table[["street"]]).tolist()


def test_polynomials_equal_those_of_numpy():
    x, y = torch.randn(2, 30, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    torch.testing.assert_close(generalization.polynomial_features(x, 6), torch.vander(x, 7, increasing=True)[:, 1:])
    w, b = generalization.fit_polynomial(x, y, 4)
    expected = torch.from_numpy(numpy.polyfit(x.numpy(), y.numpy(), 4)[::-1].copy())
    torch.testing.assert_close(torch.cat([b.reshape(1), w]), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("n", "k"), [(9, 3), (11, 4), (5, 5)])
def test_folds_equal_those_of_scikit_learn(n, k):
    y = torch.arange(n)
    for i, (train, valid) in enumerate(KFold(k).split(y)):
        parts = generalization.get_k_fold_data(k, i, y[:, None], y)
        assert [parts[1].tolist(), parts[3].tolist()] == [train.tolist(), valid.tolist()]


@pytest.mark.parametrize(("n", "d"), [(12, 3), (6, 20)])
def test_ridge_and_its_descent_equal_scikit_learn(n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(10), dtype=torch.float64)
    y = X.sum(dim=1) + 2
    model = Ridge(alpha=0.7 * n).fit(X.numpy(), y.numpy())
    w, b = generalization.ridge(X, y, 0.7)
    torch.testing.assert_close(w.squeeze(1), torch.from_numpy(model.coef_))
    torch.testing.assert_close(b, torch.tensor([model.intercept_]))
    found = generalization.train_weight_decay(X, y, 0.7, 0.1, 1500, n)
    torch.testing.assert_close(found, (w, b), rtol=1e-5, atol=1e-5)


def test_a_step_with_decay_equals_that_of_torch_sgd_with_groups():
    layer = torch.nn.Linear(4, 3, dtype=torch.float64)
    mine = [p.detach().clone().requires_grad_() for p in (layer.weight, layer.bias)]
    X = torch.randn(5, 4, generator=torch.Generator().manual_seed(11), dtype=torch.float64)
    (layer(X) ** 2).sum(dim=1).mean().backward()
    torch.optim.SGD(generalization.decay_groups(layer, 0.3), lr=0.2, weight_decay=0.9).step()
    ((X @ mine[0].T + mine[1]) ** 2).sum().backward()
    generalization.sgd_decay(mine[:1], mine[1:], 0.2, 5, 0.3)
    torch.testing.assert_close(mine, [layer.weight, layer.bias])


def test_recipes_equal_those_of_torch(X):
    for shape, mine, theirs in [
        ((30, 50), initialization.xavier_uniform_, torch.nn.init.xavier_uniform_),
        ((30, 50), initialization.xavier_normal_, torch.nn.init.xavier_normal_),
        ((6, 5, 3, 4), lambda weight: initialization.kaiming_normal_(weight, 0.3), lambda weight: torch.nn.init.kaiming_normal_(weight, 0.3)),
    ]:
        filled = []
        for fill in (mine, theirs):
            torch.manual_seed(7)
            filled.append(fill(torch.empty(shape, dtype=X.dtype)))
        torch.testing.assert_close(*filled)


@pytest.mark.parametrize("make", [lambda: torch.nn.Linear(5, 8), lambda: torch.nn.Conv2d(4, 6, (3, 2), groups=2), lambda: torch.nn.Conv2d(3, 2, 5, bias=False)])
def test_default_initialization_is_that_of_a_new_layer(make):
    torch.manual_seed(7)
    theirs, mine = make(), make()
    torch.manual_seed(7)
    initialization.torch_default_(mine)
    torch.testing.assert_close(mine.state_dict(), theirs.state_dict())


def test_signals_of_a_deep_network(X):
    Ws = [X.T[:, :5].clone(), X[:3].clone()]
    x, G = X[:, :5] + 1, X[:, 2:5]
    net = lambda h: torch.tanh(Ws[1] @ torch.tanh(Ws[0] @ h))
    expected = torch.autograd.functional.jacobian(net, x[0])
    torch.testing.assert_close(initialization.jacobian_product(Ws, x[0], torch.tanh, lambda z: 1 - torch.tanh(z) ** 2), expected)
    forward, backward = initialization.signal_stds(Ws, x, torch.tanh, G)
    hidden = [x, torch.tanh(F.linear(x, Ws[0])), torch.stack([net(row) for row in x])]
    assert forward == pytest.approx([numpy.std(H.numpy()) for H in hidden], rel=1e-5)
    back = torch.stack([g @ torch.autograd.functional.jacobian(net, row) for row, g in zip(x, G, strict=True)])
    assert [backward[0], backward[2]] == pytest.approx([numpy.std(back.numpy()), numpy.std(G.numpy())], rel=1e-5)


def test_normalizer_equals_batch_norm_without_eps(images):
    normalizer = initialization.Normalizer(images)
    torch.testing.assert_close(normalizer(images), F.batch_norm(images, None, None, training=True, eps=1e-30))


@pytest.mark.parametrize("factor", [1.5, 0.8, -0.2])
def test_depth_equals_powers_of_numpy(factor):
    powers = numpy.cumprod(numpy.full(500, factor, dtype=numpy.float32))
    lost = ~numpy.isfinite(powers) | (abs(powers) < numpy.finfo(numpy.float32).tiny)
    assert initialization.depth_until_lost(factor, torch.float32) == int(lost.argmax()) + 1


def test_taylor_coefficients_equal_those_of_a_polynomial():
    polynomial = numpy.polynomial.Polynomial([0.3, -1.2, 0.5, 2.0])
    expected = [polynomial.deriv(k)(0.7) / math.factorial(k) if k else polynomial(0.7) for k in range(6)]
    assert initialization.taylor_coefficients(lambda x: 0.3 - 1.2 * x + 0.5 * x**2 + 2 * x**3, 5, 0.7).tolist() == pytest.approx(expected)


def test_layers_and_containers_equal_those_of_pytorch(X):
    nn = torch.nn
    blocks = [nn.Linear(7, 4, dtype=X.dtype), nn.Tanh(), nn.Linear(4, 4, dtype=X.dtype), nn.Tanh()]
    mine, theirs = (made(*blocks, *blocks[1:]) for made in (modules.MySequential, nn.Sequential))
    torch.testing.assert_close(mine(X), theirs(X))
    pairs = [(mine, theirs), (modules.MyModuleList(blocks), nn.ModuleList(blocks))]
    named = dict(zip("dcba", blocks, strict=True))
    pairs.append((modules.MyModuleDict(named), nn.ModuleDict(named)))
    for one, other in pairs:
        assert list(one.state_dict()) == list(other.state_dict())
        assert len(one) == len(other)
    assert list(pairs[1][0]) == list(pairs[1][1])
    assert list(pairs[2][0].items()) == list(pairs[2][1].items())
    dense, lazy, linear = modules.MyLinear(7, 3).to(X), modules.LazyDense(3), nn.Linear(7, 3, dtype=X.dtype)
    lazy(X)
    with torch.no_grad():
        for layer in (dense, lazy):
            layer.weight.copy_(linear.weight.T)
            layer.bias.copy_(linear.bias)
    torch.testing.assert_close(dense(X), linear(X).relu())
    torch.testing.assert_close(lazy(X), linear(X))


def test_the_shares_of_all_uses_add_up_to_the_gradient(X):
    W, H, G = X[:, :5].clone().requires_grad_(), X.T[:, :5], X.T[:, :5].flip(0)
    shares = modules.gradient_by_use(W, H, G, 4)
    loss = (torch.tanh(torch.tanh(torch.tanh(torch.tanh(H @ W) @ W) @ W) @ W) * G).sum()
    torch.testing.assert_close(sum(shares), torch.autograd.grad(loss, W)[0])


def test_tiny_modules_are_listed_as_pytorch_lists_modules():
    def tree(module):
        class Part(module):
            def __init__(self, *children):
                super().__init__()
                self.last = children[0] if children else None
                self.weight = torch.nn.Parameter(torch.ones(2))
                self.children_too = children[-1] if children else None
                self.bias = self.weight if len(children) == 1 else torch.nn.Parameter(torch.zeros(1))

        return Part(Part(Part(), Part()), Part(Part()))

    mine, theirs = tree(modules.TinyModule), tree(torch.nn.Module)
    assert [name for name, _ in mine.named_parameters("net")] == [name for name, _ in theirs.named_parameters("net")]
    assert len(mine.parameters()) == len(list(theirs.parameters()))


LIBRARY_OPTIMIZERS = {
    "sgd_momentum": (1, {"lr": 0.1, "momentum": 0.7}, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.7), True),
    "adadelta": (2, {"rho": 0.7, "eps": 0.1}, lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.7, eps=0.1), True),
    "adam": (2, {"lr": 0.1, "beta1": 0.6, "beta2": 0.8, "eps": 0.1, "t": 1}, lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.6, 0.8), eps=0.1), True),
    "adagrad": (1, {"lr": 0.1, "eps": 0.1}, lambda p: torch.optim.Adagrad(p, lr=0.1, eps=0.1), False),
    "rmsprop": (1, {"lr": 0.1, "gamma": 0.7, "eps": 0.1}, lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.7, eps=0.1), False),
}


@pytest.mark.parametrize(("name", "eps"), [(name, eps) for name in LIBRARY_OPTIMIZERS for eps in (0.1, 1e-14) if eps == 0.1 or name != "adadelta"])
def test_optimizers_equal_the_library_s_but_for_eps_outside_the_root(name, eps, X):
    """Adagrad and RMSprop of torch.optim have eps outside the root: the same numbers for a tiny eps only. Without eps AdaDelta does not move."""
    slots, settings, make, same = LIBRARY_OPTIMIZERS[name]
    mine, theirs = [X.clone().requires_grad_(), X[0].clone().requires_grad_()], [X.clone().requires_grad_(), X[0].clone().requires_grad_()]
    settings, library, states = dict(settings), make(theirs), optimizers.init_states(mine, slots)
    if "eps" in settings:
        settings["eps"] = library.param_groups[0]["eps"] = eps
    generator = torch.Generator().manual_seed(2)
    for _ in range(20):
        for p, q in zip(mine, theirs, strict=True):
            q.grad = torch.randn(p.shape, generator=generator, dtype=p.dtype)
            p.grad = q.grad.clone()
        getattr(optimizers, name)(mine, states, settings)
        library.step()
    if same or eps != 0.1:
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)
    else:
        assert float((mine[0] - theirs[0]).detach().abs().max()) > 1e-2


def test_walks_and_projections(X):
    start, H = X[0, :3].double(), torch.tensor([[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 1.5]], dtype=torch.float64)
    f = lambda x: x @ H @ x / 2
    point = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([point], lr=0.2)
    for _ in range(5):
        optimizer.zero_grad()
        f(point).backward()
        optimizer.step()
    torch.testing.assert_close(optimizers.gradient_descent(f, start, 0.2, 5)[-1], point.detach())
    torch.testing.assert_close(start + optimizers.second_order_step(H @ start, H), torch.zeros_like(start))
    g = H @ start
    assert optimizers.line_search(f, start, 3.0, 40) == pytest.approx(float(g @ g / (g @ H @ g)), abs=1e-9)
    torch.testing.assert_close(optimizers.project_ball(X, 1.5), torch.renorm(X, 2, 0, 1.5), rtol=1e-5, atol=1e-6)
    assert optimizers.convex_at(f, start[None]).tolist() == [True]


def test_plateaus_and_schedules_equal_the_library_s():
    losses = [3.0, 2.0, 2.5, 2.0, 2.2, 1.0, 1.0, 1.5, float("nan"), 1.2, 0.9, 1.0]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
    library = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0)
    mine = optimizers.ReduceOnPlateau(0.8, 0.5, 1)
    for loss in losses:
        library.step(loss)
        assert mine.step(loss) == pytest.approx(optimizer.param_groups[0]["lr"])
    pairs = [
        (("piecewise", {"milestones": [3, 5], "gamma": 0.4}), lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [3, 5], 0.4)),
        (("exponential", {"lam": 0.2}), lambda o: torch.optim.lr_scheduler.ExponentialLR(o, math.exp(-0.2))),
        (("cosine", {"total": 8, "final": 0.1}), lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 8, 0.1)),
    ]
    for (kind, options), make in pairs:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.6)
        schedule = make(optimizer)
        for t in range(8):
            assert optimizers.learning_rate(kind, 0.6, t, **options) == pytest.approx(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()


def test_chains_equal_those_of_distributions_and_matrix_powers():
    A = torch.softmax(torch.randn(4, 4, generator=torch.Generator().manual_seed(5), dtype=torch.float64), dim=1)
    pi, x = A[2], torch.randint(4, (6, 9), generator=torch.Generator().manual_seed(6))
    first, step = torch.distributions.Categorical(pi), torch.distributions.Categorical(A[x[:, :-1]])
    torch.testing.assert_close(recurrent.chain_log_prob(pi, A, x), first.log_prob(x[:, 0]) + step.log_prob(x[:, 1:]).sum(dim=1))
    for k in range(6):
        torch.testing.assert_close(recurrent.k_step_transition(A, k), torch.matrix_power(A, k))


def test_windows_of_a_series_are_those_of_unfold(X):
    features, labels = recurrent.autoregressive_data(X.flatten(), 4)
    windows = X.flatten().unfold(0, 5, 1)
    torch.testing.assert_close(features, windows[:, :4])
    torch.testing.assert_close(labels, windows[:, 4:])


@pytest.mark.parametrize("skip", [0, 3])
def test_zipf_s_line_equals_that_of_numpy(skip):
    counts = torch.randint(1, 900, (40,), generator=torch.Generator().manual_seed(7)).tolist()
    points = list(enumerate(sorted(counts, reverse=True), start=1))[skip:]
    slope, c = numpy.polyfit(*(numpy.log(numbers) for numbers in zip(*points, strict=True)), 1)
    assert recurrent.zipf_fit(counts, skip) == pytest.approx((-slope, c))


def test_rnn_and_its_gradient_equal_nn_rnn(X):
    layer, inputs = torch.nn.RNN(7, 4).to(X.dtype), torch.stack([X, X.flip(0), X.square()])
    H0 = X[:, :4].clone().requires_grad_()
    inputs.requires_grad_()
    states, last = layer(inputs, H0[None])
    params = [layer.weight_ih_l0.T, layer.weight_hh_l0.T, layer.bias_ih_l0 + layer.bias_hh_l0]
    identity, zero = torch.eye(4, dtype=X.dtype), torch.zeros(4, dtype=X.dtype)
    outputs, (H,) = recurrent.rnn(inputs, (H0,), [*params, identity, zero])
    torch.testing.assert_close(outputs, states.flatten(0, 1))
    torch.testing.assert_close(H, last[0])
    dH = torch.cos(states).detach()
    leaves = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, inputs, H0]
    dW_xh, dW_hh, db_h, dX, dH0 = torch.autograd.grad(states, leaves, dH)
    mine = recurrent.rnn_backward(*(t.detach() for t in (dH, inputs, H0, states, *params[:2])))
    for one, other in zip(mine, (dW_xh.T, dW_hh.T, db_h, dX, dH0), strict=True):
        torch.testing.assert_close(one, other)
    whole, _ = recurrent.rnn_truncated(inputs, (H0,), params, 9)
    torch.testing.assert_close(whole, states)
    torch.testing.assert_close(torch.autograd.grad(whole, inputs, dH)[0], dX)


def test_a_language_model_of_counts_is_a_chain_whose_rows_add_up_to_one():
    corpus = torch.randint(5, (50,), generator=torch.Generator().manual_seed(8))
    unigram, bigram = recurrent.laplace_bigram(corpus, 7, 0.5, 1e-9)
    torch.testing.assert_close(unigram.sum(), torch.tensor(1.0))
    torch.testing.assert_close(bigram.sum(dim=1), torch.ones(7))
    followers = corpus[1:][corpus[:-1] == 3]
    torch.testing.assert_close(bigram[3], torch.bincount(followers, minlength=7) / len(followers))


@pytest.fixture(params=[torch.float32, torch.float64])
def boxes(request):
    corners, sizes = torch.rand(2, 40, 2, generator=torch.Generator().manual_seed(6), dtype=request.param)
    return torch.cat([corners, corners + 0.1 + 0.5 * sizes], dim=1)


def test_boxes_and_their_overlap_equal_torchvision(boxes):
    torch.testing.assert_close(detection.box_corner_to_center(boxes), ops.box_convert(boxes, "xyxy", "cxcywh"))
    torch.testing.assert_close(detection.box_center_to_corner(boxes), ops.box_convert(boxes, "cxcywh", "xyxy"))
    torch.testing.assert_close(detection.box_iou(boxes, boxes[:7]), ops.box_iou(boxes, boxes[:7]))
    torch.testing.assert_close(detection.offset_inverse(boxes, detection.offset_boxes(boxes, boxes.flip(0))), boxes.flip(0))


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.7])
def test_suppression_equals_torchvision(boxes, threshold):
    scores = torch.rand(len(boxes), generator=torch.Generator().manual_seed(7)).to(boxes)
    torch.testing.assert_close(detection.nms(boxes, scores, threshold), ops.nms(boxes, scores, threshold))
    probs = torch.stack([1 - scores, scores])[None]  # one class: there the list is that of torchvision
    found = detection.multibox_detection(probs, torch.zeros(1, 4 * len(boxes)).to(boxes), boxes[None], threshold)[0]
    kept = ops.nms(boxes, scores, threshold)
    torch.testing.assert_close(found[found[:, 0] == 0, 1:], torch.cat([scores[kept, None], boxes[kept]], dim=1))


def test_losses_of_a_detector_equal_those_of_torch(boxes):
    generator = torch.Generator().manual_seed(8)
    scores, preds, targets = (torch.randn(2, *shape, generator=generator).to(boxes) for shape in ((5, 3), (20,), (20,)))
    labels = torch.randint(3, (2, 5), generator=generator)
    losses = detection.calc_loss(scores, labels, preds, targets, torch.ones_like(preds))
    for i in range(2):
        torch.testing.assert_close(losses[i], F.cross_entropy(scores[i], labels[i]) + F.l1_loss(preds[i], targets[i]))


def test_average_precision_equals_scikit_learn_s_where_the_precision_at_the_hits_falls():
    scores = torch.linspace(0.9, 0.1, 9)
    hits = torch.tensor([True, True, True, False, True, False, False, False, False])
    assert detection.average_precision(scores, hits, 4) == pytest.approx(average_precision_score(hits.numpy(), scores.numpy()))


def test_the_masked_loss_is_that_of_the_library_without_the_padding(X):
    pred, label, lengths = torch.stack([X, 2 * X, X.flip(1)]), torch.tensor([[0, 6, 2, 2, 5], [3, 3, 1, 0, 4], [1, 2, 3, 4, 5]]), torch.tensor([5, 2, 0])
    behind = torch.arange(5) >= lengths[:, None]
    right = F.cross_entropy(pred.transpose(1, 2), label.masked_fill(behind, -100), reduction="none").sum(1) / 5
    torch.testing.assert_close(seq2seq.MaskedSoftmaxCELoss()(pred, label, lengths), right)


def test_a_decoder_is_a_gru_on_embedding_and_context_in_one_call_and_in_many():
    torch.manual_seed(0)
    encoder, decoder = seq2seq.Seq2SeqEncoder(9, 4, 6, 2), seq2seq.Seq2SeqDecoder(7, 5, 6, 2)
    X, Y = torch.randint(9, (3, 4)), torch.randint(7, (3, 5))
    outputs, state = torch.nn.GRU.forward(encoder.rnn, encoder.embedding(X).transpose(0, 1))
    torch.testing.assert_close(encoder(X, torch.tensor([4, 1, 2])), (outputs, state))
    inputs = torch.cat([decoder.embedding(Y), outputs[-1][:, None].expand(-1, 5, -1)], dim=2)
    right = decoder.dense(decoder.rnn(inputs.transpose(0, 1), state)[0]).transpose(0, 1)
    logits, _ = seq2seq.EncoderDecoder(encoder, decoder)(X, Y, torch.tensor([4, 1, 2]))
    torch.testing.assert_close(logits, right)
    now, steps = decoder.init_state((outputs, state)), []
    for token in Y.T:
        step, now = decoder(token[:, None], now)
        steps.append(step)
    torch.testing.assert_close(torch.cat(steps, dim=1), right)


def test_numbers_in_words():
    said = {
        0: "零",
        8: "八",
        10: "十",
        14: "十 四",
        30: "三 十",
        42: "四 十 二",
        100: "一 百",
        105: "一 百 零 五",
        111: "一 百 一 十 一",
        250: "二 百 五 十",
        999: "九 百 九 十 九",
    }
    assert {number: seq2seq.chinese(number) for number in said} == said
    assert [seq2seq.english(number) for number in (0, 13, 70, 99, 300, 307)] == [
        "zero",
        "thirteen",
        "seventy",
        "ninety nine",
        "three hundred",
        "three hundred and seven",
    ]
    for write in (seq2seq.english, seq2seq.chinese):
        assert len({write(number) for number in range(1000)}) == 1000
        assert max(len(write(number).split()) for number in range(1000)) + 1 == seq2seq.NUM_STEPS


@pytest.mark.parametrize("alpha", [0, 0.75, 1.5])
def test_a_beam_of_one_is_greedy_and_one_that_is_wide_enough_misses_nothing(alpha):
    for seed in range(20):
        language = seq2seq.toy_language(seed, v=4)
        tokens, total = seq2seq.greedy_search(language, 0, 1, 4)
        assert seq2seq.beam_search(language, 0, 1, 1, 4, alpha)[0] == tokens
        assert seq2seq.beam_search(language, 0, 1, 1, 4, 0)[1] == pytest.approx(total, rel=1e-5)
        wide, best = seq2seq.beam_search(language, 0, 1, 4**4, 4, alpha), seq2seq.exhaustive_search(language, 0, 1, 4, alpha)
        assert wide[0] == best[0]
        assert wide[1] == pytest.approx(best[1], rel=1e-5)
