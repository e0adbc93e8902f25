"""Hidden grader of ps15_rnn."""

import itertools
import math
import re
from dataclasses import replace

import torch

from autograder import Finding, assert_shape, case, criterion, exercise, expect, goal
from autograder.vocabulary.program import assert_left_alone
from autograder.vocabulary.slip import alike
from solutions.ps15_rnn import rnn as reference

ROUNDING = {"atol": 5e-5}  # float32 sums in any order, over a few steps
NO_AUTOGRAD = ["grad", "backward", "make_dual", "vjp"]
NO_DTYPE = "make no tensor with a dtype of its own; the result has the dtype of what comes in"


def expect_same(actual, right, what, mistakes=None, follows=False):
    """The values are equal, strings and lists of them; else a Finding in the words of the mistake that gives this value, where one does."""
    if actual == right and type(actual) is type(right):
        return
    words = next((words for words, other in (mistakes or {}).items() if other != right and actual == other), "")
    said = repr(actual) if isinstance(actual, str | int | list | tuple | dict) else f"a {type(actual).__name__}"
    shown = said if len(said) <= 160 else f"{said[:150]} …"
    raise Finding(f"{what} is what comes out when {words}" if words else f"{what} is {shown}, which is not right", follows=follows, named=words)


def called_in_order(student, name, calls):
    """Results of calls one after the other, and the arguments after them."""
    import copy

    given = copy.deepcopy(calls)
    return {"results": [getattr(student, name)(*one) for one in given], "after": given}


def lists_stay(name, arguments, right, weight=1, title="leaves its list unchanged, and gives the same at a later call"):
    """For functions of lists: the criterion that nothing is written into them, nor kept."""

    @criterion(title, weight, hint="sort, append, pop and += change the caller's list: make a new one; keep nothing from call to call")
    def test(self, student, draw):
        first, second = arguments(draw), arguments(draw)
        calls = [first, second, first]
        seen = student.run(called_in_order, name=name, calls=[list(call) for call in calls])
        for call, after, result in zip(calls, seen["after"], seen["results"], strict=True):
            expect(after[0] == call[0], f"after a call of {name} the list that it was given is another")
            expect(alike(result, right(*call)), f"{name} gives something else at a later call", follows=True)

    return test


# Sequences -----------------------------------------------------------------------------------------------------------


def chain_of(draw, n=5, T=4, m=3):
    return draw.probabilities(m), draw.probabilities(m, m), draw.integers(0, m, n, T)


def long_chains(draw):
    return {f"{n} sequences of 2000 states": chain_of(draw, n, 2000, 4) for n in (1, 3)}


def chains_with_zeros(draw):
    """A chain that never goes from 0 to 2, and never begins in 1."""
    pi, A, x = chain_of(draw, 3, 3, 3)
    pi[1], A[0, 2] = 0, 0
    cannot = torch.tensor([[0, 2, 1], [1, 0, 1], [2, 1, 0]]).to(x)
    return {
        "chain_log_prob where two of three sequences cannot happen": (pi, A, cannot),
        "chain_log_prob of starts, one of which cannot be": (pi, A, cannot[:, :1]),
    }


def log_prob(pi, A, x, first=lambda pi, x: pi[x[:, 0]].log()):
    return first(pi, x) + A[x[:, :-1], x[:, 1:]].log().sum(dim=1)


chain = case(
    reference.chain_log_prob, chain_of, sizes=[(1, 1, 2), (4, 1, 3), (1, 5, 4), (5, 4, 3), (3, 7, 5)], **ROUNDING,
    slips={
        "rows and columns of A are exchanged; A[i, j] leads from i to j": lambda pi, A, x: log_prob(pi, A.T, x),
        "the probability of the first state is left out": lambda pi, A, x: log_prob(pi, A, x, lambda pi, x: 0 * pi[x[:, 0]]),
        "the first state is taken for equally likely": lambda pi, A, x: log_prob(pi, A, x, lambda pi, x: torch.full_like(pi, 1 / len(pi))[x[:, 0]].log()),
        "pi counts with the last state instead of the first": lambda pi, A, x: log_prob(pi, A, x, lambda pi, x: pi[x[:, -1]].log()),
        "the probabilities are returned; their logarithms were expected": lambda *given: log_prob(*given).exp(),
        "the log-probability is divided by the number of states": lambda pi, A, x: log_prob(pi, A, x) / x.shape[1],
        "all sequences are added up": lambda *given: log_prob(*given).sum(),
        "the sign is turned: the logarithm of a probability is at most 0": lambda *given: -log_prob(*given),
        "the last step is left out": lambda pi, A, x: log_prob(pi, A, x[:, : max(1, x.shape[1] - 1)]),
        "logarithms to base 2 are taken; natural ones were expected": lambda *given: log_prob(*given) / math.log(2),
        "logarithms to base 10 are taken; natural ones were expected": lambda *given: log_prob(*given) / math.log(10),
    },
)  # fmt: skip


@exercise("chain_log_prob")
class TestChainLogProb:
    test_values = chain.agrees("is log pi of the first state plus log A of every step", 4, "A.log()[x[:, :-1], x[:, 1:]] holds one number a step")
    test_long = chain.stays_finite("stays finite for 2000 states", long_chains, 2, "add logarithms; a product of 2000 probabilities is 0", rtol=1e-4)

    @criterion("is −inf where the chain cannot go, never NaN", weight=2, hint="log of 0 is −inf all by itself: add nothing, clamp nothing")
    def test_zeros(self, student, draw):
        drawn = chains_with_zeros(draw)
        for (words, given), (_, result) in zip(drawn.items(), chain.ask(student, list(drawn.values())), strict=True):
            right = chain.right(*given)
            assert_shape(result, right.shape, what=words)
            expect(not bool(result.isnan().any()), f"{words} contains NaN; what cannot happen has −inf", "unstable")
            too_large = result[right.isneginf() & ~result.isneginf()].tolist()
            expect(not too_large, f"{words} is {too_large[0] if too_large else 0:.4g} for one that cannot; its probability is 0, and the logarithm of it −inf")
            chain.compare([(given, result)], [words], follows=True)

    test_gradients = chain.gradients()
    test_at_once = chain.at_once("n", hint="index with all sequences at once: A[x[:, t - 1], x[:, t]]")
    test_dtype = chain.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = chain.leaves_inputs(hint="log_() writes into the caller's tensor")
    test_again = chain.again()


def any_square(draw):
    stairs = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]]).to(draw.normal(1))
    drawn = {
        "k_step_transition of a stair that one only goes up": (stairs, 4),
        "k_step_transition of a shear": (torch.tensor([[1.0, 0.7], [0.0, 1.0]]).to(stairs), 5),
    }
    return {**drawn, **{f"k_step_transition of a {m}×{m} matrix that is no chain": (draw.normal(m, m, scale=0.7), k) for m, k in ((1, 3), (3, 2), (4, 3))}}


def no_steps(draw):
    drawn = {f"k_step_transition for k = 0 and a {m}×{m} matrix": (draw.probabilities(m, m), 0) for m in (2, 5, 1)}
    return {**drawn, "k_step_transition for k = 0 and a 3×3 matrix in float64": (draw.float64.probabilities(3, 3), 0)}


power = lambda A, k: reference.k_step_transition(A, max(k, 0))
steps_ahead = case(
    reference.k_step_transition, lambda draw, m=3, k=4: (draw.probabilities(m, m), k), sizes=[(2, 2), (4, 3), (3, 1), (5, 7)], said=("A", "k"), **ROUNDING,
    slips={
        "each entry is raised to the power k; a step is a matrix product": lambda A, k: A**k,
        "k = 0 is taken for one step; after no steps the chain is where it was": lambda A, k: power(A, max(k, 1)),
        "one step too many is made": lambda A, k: power(A, k + 1),
        "one step too few is made": lambda A, k: power(A, k - 1) if k > 0 else None,
        "rows and columns are exchanged: [i, j] should lead from i to j": lambda A, k: power(A, k).T,
        "A is squared again and again": lambda A, k: power(A, 2**k),
        "A is multiplied by k": lambda A, k: A * k,
        "the rows of the result are divided by their sums": lambda A, k: power(A, k) / power(A, k).sum(dim=1, keepdim=True),
        "the first row only is returned": lambda A, k: power(A, k)[0],
        "ones are taken for the identity": lambda A, k: torch.ones_like(A) @ power(A, k),
    },
)  # fmt: skip


@exercise("k_step_transition", forbid=["matrix_power", "linalg_matrix_power", "linalg_eig", "linalg_eigh", "linalg_eigvals", "linalg_eigvalsh"])
class TestKStepTransition:
    test_values = steps_ahead.agrees("sums over the states between, k times", 3, "A @ A sums over the state between")
    test_none = steps_ahead.agrees("after no steps it is the identity", 1, "begin with torch.eye and multiply k times", arguments=no_steps)
    test_any = steps_ahead.agrees("takes any square matrix", 1, "a loop of matrix products takes them all", arguments=any_square, follows=True)
    test_gradients = steps_ahead.gradients()
    test_dtype = steps_ahead.keeps_dtype(hint="torch.eye(m, dtype=A.dtype, device=A.device)")
    test_unchanged = steps_ahead.leaves_inputs(sizes=[(3, 4), (2, 1)])
    test_again = steps_ahead.again(sizes=((3, 4), (3, 2), (2, 5)))


def windows_of(x, n, tau):
    return torch.stack([x[i : i + n] for i in range(tau)], dim=1)


samples = case(
    reference.autoregressive_data, lambda draw, T=9, tau=3: (draw.normal(T), tau), sizes=[(5, 2), (3, 1), (9, 4), (8, 7)], gives=("features", "labels"),
)  # fmt: skip
features = samples.only("features", slips={
    "the label stands among the features": lambda x, tau: windows_of(x, len(x) - tau, tau + 1),
    "the newest value stands first": lambda x, tau: windows_of(x, len(x) - tau, tau).flip(1),
    "the windows begin one place too late": lambda x, tau: windows_of(x[1:], len(x) - tau, tau),
    "the last row is missing": lambda x, tau: windows_of(x, len(x) - tau - 1, tau),
    "there is one window too many, which has no label": lambda x, tau: windows_of(x, len(x) - tau + 1, tau),
    "the windows do not overlap": lambda x, tau: x[: len(x) // tau * tau].reshape(-1, tau),
    "rows and columns are exchanged": lambda x, tau: windows_of(x, len(x) - tau, tau).T,
    "every row holds the first window": lambda x, tau: x[:tau].expand(len(x) - tau, tau),
})  # fmt: skip
labels = samples.only("labels", slips={
    "the labels are one place early: each stands in its own features, as the last value": lambda x, tau: x[tau - 1 : -1, None],
    "the labels are windows, one place later; the value behind the window was expected": lambda x, tau: windows_of(x[1:], len(x) - tau, tau),
    "the labels are one place late": lambda x, tau: x[tau + 1 :, None],
    "the last row is missing": lambda x, tau: x[tau:-1, None],
    "the labels have shape (T − tau,); a column was expected": lambda x, tau: x[tau:],
    "the labels are a row; a column was expected": lambda x, tau: x[None, tau:],
})  # fmt: skip


def nothing_left(draw):
    return {f"autoregressive_data for tau = T = {T}": (draw.normal(T), T) for T in (1, 4, 6)}


@exercise("autoregressive_data")
class TestAutoregressiveData:
    test_features = features.agrees("row t of the features holds x_t … x_{t+tau−1}, oldest first", 3, "column i is x[i : len(x) - tau + i]")
    test_labels = labels.agrees("the labels are what comes next, in a column", 3, "x[tau:], with one dimension more")
    test_none = samples.agrees("gives no rows, (0, tau) and (0, 1), where tau = T", 1, "slices of length 0 are fine", arguments=nothing_left, follows=True)
    test_at_once = samples.at_once("T", grows={"T": ("a series of {}", "the series")}, hint="loop over tau, not over T")
    test_dtype = samples.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = samples.leaves_inputs()
    test_again = samples.again()


def net_for(draw, tau):
    """(n, tau) -> (n, 1), not linear, in the dtype of what it is given."""
    w = draw.normal(tau, 1) / tau**0.5
    return lambda windows: torch.tanh(windows @ w.to(windows)) + 0.3 * windows[:, -1:] - 0.2


def rolled(net, x, tau, k, put=lambda windows, y: torch.cat([windows[:, 1:], y], dim=1), start=lambda windows: windows):
    n = len(x) - tau - k + 1
    windows = start(windows_of(x, n, tau))
    for _ in range(k):
        y = net(windows)
        windows = put(windows, y)
    return y[:, 0]


def with_true_values(net, x, tau, k):
    return net(windows_of(x, len(x) - tau, tau))[k - 1 :, 0]


ahead = case(
    reference.k_step_ahead, lambda draw, T=12, tau=4, k=3: (net_for(draw, tau), draw.normal(T), tau, k), sizes=[(3, 1, 1), (9, 4, 1), (12, 4, 3), (7, 3, 2)],
    said=("x", "tau", "k"), **ROUNDING,
    slips={
        "true values are read at the steps 2 … k; from the second step on the net has its own predictions": with_true_values,
        "the prediction is put in at the wrong end of the window": (
            lambda *given: rolled(*given, put=lambda w, y: torch.cat([y, w[:, 1:]], dim=1)),
            lambda *given: rolled(*given, put=lambda w, y: torch.cat([y, w[:, :-1]], dim=1)),
        ),
        "the newest value is dropped from the window in place of the oldest": lambda *given: rolled(*given, put=lambda w, y: torch.cat([w[:, :-1], y], dim=1)),
        "the windows hold the newest value first": lambda *given: rolled(*given, start=lambda w: w.flip(1)),
        "one step too few is made": lambda net, x, tau, k: rolled(net, x[: len(x) - 1], tau, k - 1) if k > 1 else None,
        "the result is a column; (T − tau − k + 1,) was expected": lambda *given: rolled(*given)[:, None],
        "the last prediction is missing": lambda *given: rolled(*given)[:-1],
        "the predictions of all steps are returned; the last step's were expected":
            lambda net, x, tau, k: torch.stack([rolled(net, x[: len(x) - k + j], tau, j) for j in range(1, k + 1)], dim=1),
        "the windows stay as they are: the prediction is never read": lambda *given: rolled(*given, put=lambda w, y: w),
    },
)  # fmt: skip


def far_ahead(draw):
    drawn = {(T, tau, k): ahead.arguments(draw, T, tau, k) for T, tau, k in ((9, 2, 3), (8, 1, 4), (14, 3, 7), (7, 2, 5))}
    return {f"k_step_ahead for tau={tau}, k={k}, a series of {T}": given for (T, tau, k), given in drawn.items()}


@exercise("k_step_ahead")
class TestKStepAhead:
    test_values = ahead.agrees("from the second step on the net reads its own predictions", 4, "torch.cat([windows[:, 1:], net(windows)], dim=1)")
    test_far = ahead.agrees(
        "works for k larger than tau, where all that is read is predicted", 3, "let the windows carry the predictions", arguments=far_ahead, follows=True
    )

    @criterion("net is called k times, each time with all windows", weight=2, hint="one matrix of all T − tau − k + 1 windows, and a loop over k")
    def test_calls(self, student, draw):
        for T, tau, k in ((9, 3, 1), (12, 4, 3), (8, 2, 4)):
            net, x, *_ = ahead.arguments(draw, T, tau, k)
            shapes, n = [], T - tau - k + 1

            def counted(windows, net=net, shapes=shapes):
                shapes.append(list(windows.shape))
                return net(windows)

            result = student.k_step_ahead(counted, x.clone(), tau, k)
            words = f"for a series of {T}, tau={tau} and k={k} net is called"
            expect(len(shapes) == k, f"{words} {len(shapes)} times, expected {k}", "too slow")
            expect(
                all(shape == [n, tau] for shape in shapes),
                f"{words} with windows of shape {shapes[0]}, expected {[n, tau]} each time",
                "wrong shape",
                follows=True,
            )
            ahead.compare([((net, x, tau, k), result)], follows=True)

    test_dtype = ahead.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = ahead.leaves_inputs(hint="writing predictions into x changes the caller's series")
    test_again = ahead.again(sizes=((), (), (9, 4, 2)))


# Text ----------------------------------------------------------------------------------------------------------------


def some_words(draw, n, kinds=9):
    """Words of different lengths and cases, some of them often."""
    made = [("To", "be,", "or", "nOt", "q", "Zen", "isn't", "so-so", "better.")[i] for i in range(kinds)]
    return [made[min(int(i), int(j))] for i, j in zip(draw.integers(0, kinds, n), draw.integers(0, kinds, n), strict=True)]


def some_lines(draw, gaps=(" ",)):
    lines = []
    for n in (4, 1, 6, 3):
        lines.append("".join(word + draw.one_of(gaps) for word in some_words(draw, n))[: None if len(gaps) > 1 else -1])
    return lines


GAPS = (" ", "  ", "\t", " \t ", "\n", "   ")
UNKNOWN = ("words", "sentence", "", "Char", "token")


def kinds_refused(student, lines, kinds):
    """What each kind of token raises, or what it gives."""
    found = []
    for kind in kinds:
        try:
            found.append(f"returns {type(student.tokenize(list(lines), kind)).__name__}")
        except Exception as error:
            found.append(type(error).__name__)
    return found


@exercise("tokenize")
class TestTokenize:
    @criterion("cuts each line into words, one list a line", weight=2, hint="[line.split() for line in lines]")
    def test_words(self, student, draw):
        for _ in range(3):
            lines = some_lines(draw)
            right = [line.split() for line in lines]
            mistakes = {
                "the words of all lines stand in one list": list(itertools.chain(*right)), "characters are the tokens": [list(line) for line in lines],
                "everything is made lower case": [line.lower().split() for line in lines], "only the first line is read": right[:1],
                "the words of each line are sorted": [sorted(line) for line in right],
                "each word is kept once": [list(dict.fromkeys(line)) for line in right],
                "marks like , . ' and - part words, and are dropped; only white space parts words": [re.findall(r"\w+", line) for line in lines],
                "marks like , . ' and - are dropped; they stay in their words": [[re.sub(r"\W", "", word) for word in line] for line in right],
            }  # fmt: skip
            expect_same(student.tokenize(list(lines), "word"), right, "tokenize of lines of words", mistakes)

    @criterion("words are the default", hint='tokenize(lines, token="word")')
    def test_default(self, student, draw):
        lines = some_lines(draw)
        mistakes = {"characters are the default": [list(line) for line in lines]}
        expect_same(student.tokenize(list(lines)), [line.split() for line in lines], "tokenize without a kind of token", mistakes, follows=True)

    @criterion("white space of any kind and length parts words; there are no empty tokens", weight=2, hint="split() without an argument")
    def test_space(self, student, draw):
        for _ in range(3):
            lines = [*("  " + line for line in some_lines(draw, GAPS)), " ", "\t"]
            right = [line.split() for line in lines]
            by_space = [line.split(" ") for line in lines]
            mistakes = {
                'split(" ") cuts at each single space, and leaves tabs in': by_space,
                'split(" ") cuts at single spaces: tabs and line ends stay in the words': [[word for word in line if word] for line in by_space],
                "the line is stripped, and then cut at single spaces": [line.strip().split(" ") for line in lines],
            }
            expect_same(
                student.tokenize(list(lines), "word"), right, "tokenize of lines with tabs, double spaces and spaces at both ends", mistakes, follows=True
            )

    @criterion("as characters it gives every one of them, spaces included", weight=2, hint="list(line)")
    def test_characters(self, student, draw):
        for _ in range(3):
            lines = [" " + line for line in some_lines(draw, GAPS)]
            mistakes = {
                "spaces are left out": [list("".join(line.split())) for line in lines],
                "spaces at the ends are stripped": [list(line.strip()) for line in lines],
                "everything is made lower case": [list(line.lower()) for line in lines], "the lines come back as they are": list(lines),
                "the characters of all lines stand in one list": list("".join(lines)),
                "each character is kept once": [list(dict.fromkeys(line)) for line in lines],
            }  # fmt: skip
            expect_same(student.tokenize(list(lines), "char"), [list(line) for line in lines], 'tokenize(lines, "char")', mistakes)

    @criterion("an empty line gives an empty list, and no lines give none", hint="do not leave lines out")
    def test_empty(self, student, draw):
        line = some_lines(draw)[0]
        for kind, cut in (("word", str.split), ("char", list)):
            for lines in (["", line, ""], [""], []):
                expect_same(student.tokenize(list(lines), kind), [cut(one) for one in lines], f"tokenize({lines!r}, {kind!r})", follows=lines != [""])

    @criterion("any other kind of token raises a ValueError", weight=2, hint='raise ValueError(f"unknown kind of token: {token}")')
    def test_unknown(self, student, draw):
        lines = some_lines(draw)
        for kind, found in zip(UNKNOWN, student.run(kinds_refused, lines=lines, kinds=UNKNOWN), strict=True):
            expect(found == "ValueError", f"tokenize(lines, {kind!r}) {found if found.startswith('returns') else 'raises ' + found}; a ValueError was expected")

    test_stays = lists_stay("tokenize", lambda draw: (some_lines(draw), draw.one_of(["word", "char"])), reference.tokenize)


def vocab_asked(student, made_with, asks):
    """What a vocabulary gives for each question, ("len", None), ("index", token), ("token", index), ("freqs", None) or ("unk", None)."""
    vocab = student.Vocab(*made_with)
    answers = {
        "len": lambda _: len(vocab), "index": lambda token: vocab[token], "token": vocab.to_tokens,
        "freqs": lambda _: [list(pair) for pair in vocab.token_freqs],
        "unk": lambda _: vocab.unk,
    }  # fmt: skip
    return [answers[kind](value) for kind, value in asks]


def two_vocabularies(student, first, second, tokens):
    """Lists before and after a vocabulary is made of them, and what one says after another was made."""
    import copy

    given = copy.deepcopy(first)
    one = student.Vocab(*given)
    before = [one[tokens[0]], len(one)]
    other = student.Vocab(*second)
    return {"after": given, "before": before, "later": [one[tokens[0]], len(one)], "other": [other[tokens[1]], len(other)]}


def counted(tokens):
    counts = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    return counts


@exercise("Vocab")
class TestVocab:
    def ask(self, student, made_with, *asks):
        answers = student.run(vocab_asked, made_with=list(made_with), asks=list(asks))
        return [int(a) if isinstance(a, torch.Tensor) and a.numel() == 1 and not a.is_floating_point() else a for a in answers]

    def order(self, student, made_with, due, what, follows=False):
        """The tokens have the indices 0, 1, …, groups of `due` in turn; inside of a group any order."""
        known = list(itertools.chain(*due))
        length, *indices = self.ask(student, made_with, ("len", None), *(("index", token) for token in known))
        expect(length == len(known), f"{what} has {length} indices, expected {len(known)}", follows=follows)
        expect(all(type(i) is int for i in indices), f"{what}: the index of one token is not an int", "wrong type", follows=follows)
        place = 0
        for group in due:
            found = sorted(indices[place : place + len(group)])
            said = f"{what} gives {', '.join(map(repr, group[:4]))} the index {', '.join(map(str, found[:4]))}"
            expect(found == list(range(place, place + len(group))), f"{said}, which is not the place that the text above the cell gives it", follows=follows)
            place += len(group)

    def groups(self, counts):
        return [[token for token, count in counts.items() if count == one] for one in sorted(set(counts.values()), reverse=True)]

    @criterion("0 is <unk>, then come the tokens, most frequent first", weight=3, hint="collections.Counter(tokens).most_common()")
    def test_order(self, student, draw):
        for n, kinds in ((30, 9), (12, 5), (1, 1)):
            tokens = some_words(draw, n, kinds)
            self.order(student, (tokens, 0, None), [["<unk>"], *self.groups(counted(tokens))], f"a vocabulary of {n} tokens")

    @criterion("unknown tokens have the index 0", weight=2, hint="token_to_idx.get(token, 0)")
    def test_unknown(self, student, draw):
        tokens = some_words(draw, 12, 5)
        for asked in ("never seen", "", "TO", ["be", "better?"]):
            [found] = self.ask(student, (tokens, 0, None), ("index", asked))
            unknown = found[1] if isinstance(asked, list) and isinstance(found, list) and len(found) == 2 else found
            expect(type(unknown) is int and unknown == 0, f"vocab[{asked!r}] is {found!r}: an unknown token should have the index 0")

    @criterion("tokens that occur at least min_freq times have an index, others have none", weight=2, hint="count >= min_freq")
    def test_min_freq(self, student, draw):
        tokens = ["rare", "b", "b", *["c"] * 3, *["d"] * 4]
        tokens = [tokens[i] for i in draw.permutation(len(tokens)).tolist()]
        for min_freq in (0, 1, 2, 3, 4, 5):
            kept = [[token] for token, count in (("d", 4), ("c", 3), ("b", 2), ("rare", 1)) if count >= min_freq]
            [length] = self.ask(student, (tokens, min_freq, None), ("len", None))
            counts = "tokens that occur 1, 2, 3 and 4 times"
            expect(length == 1 + len(kept), f"with min_freq = {min_freq} a vocabulary of {counts} has {length} indices, expected {1 + len(kept)}")
            self.order(student, (tokens, min_freq, None), [["<unk>"], *kept], f"a vocabulary of {counts}, with min_freq = {min_freq},", follows=True)

    @criterion("reserved tokens come after <unk>, in the order given", weight=2, hint='["<unk>", *reserved_tokens, …]')
    def test_reserved(self, student, draw):
        tokens = some_words(draw, 20, 6)
        for reserved in (["<pad>", "<bos>", "<eos>"], ["<z>", "<a>"], []):
            what = f"a vocabulary with the reserved tokens {reserved}"
            found = self.ask(student, (tokens, 0, list(reserved)), *(("index", one) for one in ["<unk>", *reserved]))
            expect(found == list(range(len(found))), f"{what} gives <unk> and these the indices {found}: they should come first, in this order")
            due = [["<unk>"], *([one] for one in reserved), *self.groups(counted(tokens))]
            self.order(student, (tokens, 0, list(reserved)), due, what, follows=True)
        self.order(student, (["b", "a", "b"], 2, ["<pad>"]), [["<unk>"], ["<pad>"], ["b"]], "a vocabulary with <pad> and min_freq = 2", follows=True)

    @criterion("a token has one index, reserved ones and <unk> an early one, even if they are in the text", weight=2, hint="ask whether it has one already")
    def test_one_index(self, student, draw):
        tokens = [*some_words(draw, 14, 5), *["<pad>"] * 9, *["<unk>"] * 2, "<eos>"]
        tokens = [tokens[i] for i in draw.permutation(len(tokens)).tolist()]
        counts = {token: count for token, count in counted(tokens).items() if token[0] != "<"}
        due = [["<unk>"], ["<eos>"], ["<pad>"], *self.groups(counts)]
        self.order(student, (tokens, 0, ["<eos>", "<pad>"]), due, "a vocabulary of a text with <pad>, <eos> and <unk> in it", follows=True)
        names = [("token", i) for i in range(len(counts) + 3)]
        found = self.ask(student, (tokens, 0, ["<eos>", "<pad>"]), *names)
        expect(len(set(map(str, found))) == len(found), "a token has two indices where it is reserved and in the text as well", follows=True)

    @criterion("a list or tuple of tokens gives a list of the same form", weight=2, hint="return [self[token] for token in tokens]")
    def test_lists(self, student, draw):
        tokens = ["a"] * 4 + ["b"] * 3 + ["c"] * 2
        a, b, c = self.ask(student, (tokens, 0, None), *(("index", token) for token in "abc"))
        for asked, due in ((["b", "a", "c"], [b, a, c]), (("c", "c"), [c, c]), ([["a"], ["b", ["c"]], []], [[a], [b, [c]], []]), (["c"], [c]), ([], [])):
            [found] = self.ask(student, (tokens, 0, None), ("index", asked))
            expect_same(found, due, f"vocab[{asked!r}]")

    @criterion("to_tokens gives a string for an index, a list for a list, even if it has one entry", weight=2, hint="ask for list or tuple, not for the length")
    def test_to_tokens(self, student, draw):
        tokens = ["a"] * 4 + ["b"] * 3 + ["c"] * 2
        a, b, c = self.ask(student, (tokens, 0, None), *(("index", token) for token in "abc"))
        for asked, due in ((b, "b"), (0, "<unk>"), ([a, c], ["a", "c"]), ((c, c, 0), ["c", "c", "<unk>"]), ([b], ["b"]), ((a,), ["a"]), ([], [])):
            [found] = self.ask(student, (tokens, 0, None), ("token", asked))
            mistakes = {"a list with one entry is taken for the entry": due[0] if isinstance(due, list) and len(due) == 1 else None}
            expect_same(found, due, f"vocab.to_tokens({asked!r})", mistakes)

    @criterion("token_freqs holds all tokens of the text with their counts, falling; unk is 0", weight=2, hint="count first, drop the rare ones later")
    def test_freqs(self, student, draw):
        tokens = [*some_words(draw, 25, 8), "rare", "<pad>", "<pad>"]
        for min_freq, reserved in ((0, None), (3, None), (2, ["<pad>", "<eos>"])):
            found, unk = self.ask(student, (tokens, min_freq, reserved), ("freqs", None), ("unk", None))
            due = counted(tokens)
            pairs = [tuple(pair) for pair in found if len(pair) == 2]
            expect(len(pairs) == len(found) and len(dict(pairs)) == len(pairs), "token_freqs is not a list of pairs (token, count)", "wrong type")
            missing = sorted(set(due) - set(dict(pairs)))
            expect(not missing, f"token_freqs with min_freq = {min_freq} lacks {missing[:3]}: all tokens of the text should be in it, rare ones too")
            expect(
                dict(pairs) == due, f"token_freqs with min_freq = {min_freq} and reserved tokens {reserved} holds other counts, or other tokens, than the text"
            )
            expect([c for _, c in pairs] == sorted(due.values(), reverse=True), "token_freqs is not sorted: the most frequent token comes first", follows=True)
            expect(type(unk) is int and unk == 0, f"vocab.unk is {unk!r}, expected 0")

    @criterion("takes a flat list, a list of lists, or nothing", weight=2, hint="flatten where the entries are lists: [t for line in tokens for t in line]")
    def test_forms(self, student, draw):
        tokens = some_words(draw, 20, 7)
        due = [["<unk>"], *self.groups(counted(tokens))]
        for lines in ([tokens[:8], [], tokens[8:]], [[], tokens], [tokens]):
            [length] = self.ask(student, (lines, 0, None), ("len", None))
            expect(length == 1 + len(counted(tokens)), f"a vocabulary of a list of lists has {length} indices, expected {1 + len(counted(tokens))}")
            self.order(student, (lines, 0, None), due, "a vocabulary of a list of lists", follows=True)
        for nothing in (None, [], [[]], [[], []]):
            self.order(student, (nothing, 0, ["<pad>"]), [["<unk>"], ["<pad>"]], f"a vocabulary of {nothing!r} with <pad>", follows=True)
        self.order(student, (), [["<unk>"]], "a vocabulary that is made without arguments")

    @criterion(
        "leaves the lists that it is given unchanged, and shares nothing with other vocabularies", hint="no list as a default value; no class attributes"
    )
    def test_apart(self, student, draw):
        tokens, others = some_words(draw, 15, 6), some_words(draw, 9, 3) + ["only here"] * 12
        for first, second in (((tokens, 0, ["<pad>"]), (others, 0, None)), (([tokens], 2, ["<eos>"]), (others, 0, ["<a>", "<b>"]))):
            seen = student.run(two_vocabularies, first=[*first], second=[*second], tokens=[tokens[0], "only here"])
            expect(seen["after"] == list(first), "after a vocabulary was made, a list that it was made of is another")
            expect(seen["before"] == seen["later"], "a vocabulary changes when another one is made")
            due = 1 + len(counted(others)) + len(second[2] or [])
            expect(seen["other"][1] == due, "a second vocabulary is not right: does it share something with the first?", follows=True)


def grams(tokens, n, step=1, last=0):
    return counted(tuple(tokens[i : i + n]) for i in range(0, len(tokens) - n + 1 - last, step))


@exercise("ngram_counts")
class TestNgramCounts:
    def look(self, student, tokens, n, follows=False):
        found, what = student.ngram_counts(list(tokens), n), f"ngram_counts of {len(tokens)} tokens for n = {n}"
        expect(isinstance(found, dict), f"{what} should be a dict, it is a {type(found).__name__}", "wrong type")
        keys = [key for key in found if not (isinstance(key, tuple) and len(key) == n)]
        expect(not keys, f"a key of {what} is {keys[:1]}; tuples of n tokens were expected", "wrong type", follows=follows)
        mistakes = {
            "the last window is missing": grams(tokens, n, last=1), "the windows do not overlap": grams(tokens, n, step=n),
            "each n-gram is counted once, however often it occurs": dict.fromkeys(grams(tokens, n), 1),
            "the tokens of an n-gram stand in another order": {key[::-1]: count for key, count in grams(tokens, n).items()},
            "the order of the tokens in an n-gram does not count": counted(tuple(sorted(key)) for key in zip(*(tokens[i:] for i in range(n)), strict=False)),
            "the text is taken for a ring, whose end is followed by its beginning": grams([*tokens, *tokens[: n - 1]], n),
            "all lengths up to n are counted": {key: count for k in range(1, n + 1) for key, count in grams(tokens, k).items()},
        }  # fmt: skip
        expect_same(dict(found), grams(tokens, n), what, mistakes, follows=follows)

    @criterion("counts pairs at every place of the text", weight=3, hint="len(tokens) - n + 1 windows; they overlap")
    def test_pairs(self, student, draw):
        for length in (12, 30, 2, 5):
            self.look(student, some_words(draw, length, 4), 2)

    @criterion("counts n-grams of any length", weight=3, hint="tuple(tokens[i : i + n])")
    def test_any(self, student, draw):
        for length, n in ((20, 3), (26, 4), (9, 5), (6, 6)):
            self.look(student, some_words(draw, length, 3), n, follows=True)

    @criterion("for n = 1 the keys are tuples with one entry", weight=2, hint="(token,) with a comma, or tuple(tokens[i : i + 1])")
    def test_single(self, student, draw):
        for length in (14, 1):
            self.look(student, some_words(draw, length, 5), 1, follows=True)

    @criterion("fewer than n tokens give an empty dict", hint="range of a negative number is empty")
    def test_short(self, student, draw):
        for length, n in ((1, 2), (3, 4), (2, 9), (0, 1)):
            self.look(student, some_words(draw, length, 4) if length else [], n, follows=True)

    test_stays = lists_stay("ngram_counts", lambda draw: (some_words(draw, 15, 4), 2), reference.ngram_counts)


def counts_of(draw, n=12, skip=0, shuffled=False, largest=3e4):
    """Counts about a power of the rank, falling unless shuffled."""
    exponent, ranks = float(draw.uniform(low=0.6, high=1.6)), torch.arange(1, n + 1, dtype=torch.float64)
    noise = draw.float64.normal(n, scale=0.4).cpu()
    counts = sorted((int(c) for c in (largest * noise.exp() / ranks**exponent).ceil()), reverse=True)
    return [counts[i] for i in draw.permutation(n).tolist()] if shuffled else counts, skip


def line(counts, skip=0, order=lambda counts: sorted(counts, reverse=True), first=None, log=math.log, inverse=False, left=None):
    """(alpha, c), or with a slip: first: the rank of the first point; inverse: log rank on log count; left: which counts stay."""
    ordered = order(counts)[skip:] if left is None else left(order(counts), skip)
    start = skip + 1 if first is None else first
    u, v = [log(i) for i in range(start, start + len(ordered))], [log(c) for c in ordered]
    if inverse:
        u, v = v, u
    u_mean, v_mean = sum(u) / len(u), sum(v) / len(v)
    spread = sum((a - u_mean) ** 2 for a in u)
    if len(u) < 2 or spread == 0:
        return math.nan, math.nan
    slope = sum((a - u_mean) * (b - v_mean) for a, b in zip(u, v, strict=True)) / spread
    if inverse:
        return -1 / slope, u_mean - v_mean / slope
    return -slope, v_mean - slope * u_mean


def plain_line(counts, skip):
    return line(counts, skip, log=float)


zipf = case(
    reference.zipf_fit, counts_of, sizes=[(2, 0), (12, 0, False, 90), (7, 0, False, 40), (40, 0)], gives=("alpha", "c"), check_dtype=False,
    rtol=1e-3, atol=1e-3, said=("skip",),
)  # fmt: skip
ZIPF_SLIPS = {
    "the ranks begin at 1 again behind those that are skipped": lambda counts, skip: line(counts, skip, first=1),
    "nothing is skipped": lambda counts, skip: line(counts, 0),
    "the last ranks are left out in place of the first": lambda counts, skip: line(counts, 0, left=lambda ordered, _: ordered[: len(ordered) - skip]),
    "one rank too many is skipped": lambda counts, skip: line(counts, skip + 1) if len(counts) > skip + 2 else None,
    "the counts are not sorted": lambda counts, skip: line(counts, skip, order=list),
    "the counts are sorted from rare to frequent": lambda counts, skip: line(counts, skip, order=sorted),
    "every rank is one too large": lambda counts, skip: line(counts, skip, first=skip + 2),
    "logarithms to base 10 are taken; natural ones were expected": lambda counts, skip: line(counts, skip, log=math.log10),
    "logarithms to base 2 are taken; natural ones were expected": lambda counts, skip: line(counts, skip, log=math.log2),
    "log rank is fitted by log count; the errors to make small are those of log count": lambda counts, skip: line(counts, skip, inverse=True),
    "no logarithms are taken": plain_line,
    "alpha has the wrong sign: counts fall, and alpha is positive": lambda counts, skip: (-line(counts, skip)[0], line(counts, skip)[1]),
    "the two results have changed places": lambda counts, skip: line(counts, skip)[::-1],
    "e^c stands where c was expected": lambda counts, skip: (line(counts, skip)[0], math.exp(line(counts, skip)[1])),
    "the first counts are left out as they come; the list has to be sorted first": lambda counts, skip: line(
        counts, skip, order=lambda counts: counts[:skip] + sorted(counts[skip:], reverse=True)
    ),
    "equal counts are taken for one": lambda counts, skip: line(list(set(counts)), skip),
    "the counts are divided by their sum": lambda counts, skip: line([count / sum(counts) for count in counts], skip),
    "c is the logarithm of the largest count": lambda counts, skip: (line(counts, skip)[0], math.log(max(counts))),
}
one_of_both = lambda index: {
    words: (lambda counts, skip, slip=slip: None if slip(counts, skip) is None else slip(counts, skip)[index]) for words, slip in ZIPF_SLIPS.items()
}
alpha, constant = zipf.only("alpha", slips=one_of_both(0)), zipf.only("c", slips=one_of_both(1))
zipf = replace(zipf, slips=ZIPF_SLIPS)


def shuffled_counts(draw):
    return {f"zipf_fit of {n} counts in any order": counts_of(draw, n, 0, True) for n in (5, 17, 3)}


def skipped_counts(draw):
    sizes = ((9, 2, False), (30, 5, False), (5, 3, False), (14, 1, False), (12, 4, True), (7, 2, True))
    return {f"zipf_fit of {n} counts {'in any order ' * shuffled}with skip = {skip}": counts_of(draw, n, skip, shuffled) for n, skip, shuffled in sizes}


@exercise("zipf_fit")
class TestZipfFit:
    test_alpha = alpha.agrees("alpha is minus the slope of log count on log rank", 3, "slope = Σ(u − ū)(v − v̄) / Σ(u − ū)², u = log rank, v = log count")
    test_c = constant.agrees("c is where the line begins, in natural logarithms", 2, "c = v̄ − slope · ū, with math.log or torch.log")
    test_order = zipf.agrees("takes counts in any order", 2, "sorted(counts, reverse=True)", arguments=shuffled_counts, follows=True)
    test_skip = zipf.agrees(
        "leaves the first ranks out, and keeps the numbers of the others", 2, "ranks skip + 1 … len(counts)", arguments=skipped_counts, follows=True
    )

    @criterion("skips nothing where it is not told to", hint="def zipf_fit(counts, skip=0)")
    def test_default(self, student, draw):
        counts, _ = counts_of(draw, 9)
        zipf.compare([((counts, 0), student.zipf_fit(list(counts)))], ["zipf_fit without skip"], follows=True)

    test_stays = lists_stay("zipf_fit", lambda draw: counts_of(draw, 11, 2, True), lambda counts, skip: line(counts, skip))


def corpus_of(draw, T=11, m=4, top=None):
    return draw.integers(0, top or m, T), m, float(draw.uniform(low=0.5, high=3.0)), float(draw.uniform(low=0.5, high=3.0))


def smoothed(
    corpus, m, eps1, eps2, unigram=None, lean=lambda unigram, m: unigram, begins=lambda pairs, counts: pairs.sum(dim=1), share=lambda eps1, m: eps1 / m
):  # fmt: skip
    """(unigram, bigram), or with a slip. unigram: what the bigrams are smoothed towards, if it is not the right one."""
    counts = torch.zeros(m, dtype=torch.float64).index_add_(0, corpus.cpu(), torch.ones(len(corpus), dtype=torch.float64))
    pairs = torch.zeros(m, m, dtype=torch.float64)
    for x, y in itertools.pairwise(corpus.tolist()):
        pairs[x, y] += 1
    unigram = (counts + share(eps1, m)) / (len(corpus) + eps1) if unigram is None else unigram.detach().cpu().double()
    return unigram, (pairs + eps2 * lean(unigram, m)) / (begins(pairs, counts)[:, None] + eps2)


def but_the_last(corpus, result):
    """Without the row of the last token: what stands below its line has a criterion of its own."""
    right = isinstance(result, list | tuple) and len(result) == 2 and isinstance(result[1], torch.Tensor) and result[1].ndim == 2
    return (result[0], torch.cat([result[1][: corpus[-1]], result[1][corpus[-1] + 1 :]])) if right else result


laplace = case(
    lambda corpus, vocab_size, eps1, eps2: but_the_last(corpus, reference.laplace_bigram(corpus, vocab_size, eps1, eps2)), corpus_of,
    sizes=[(3, 3), (11, 4), (25, 6), (7, 5, 3)],
    name="laplace_bigram", gives=("unigram", "bigram"), said=("corpus", "vocab_size"), check_dtype=False, rtol=1e-4, atol=1e-5,
    call=lambda f: lambda corpus, *rest: but_the_last(corpus, f(corpus, *rest)),
)  # fmt: skip
unigram = laplace.only("unigram", slips={
    "ε₁ is added to every count; its share is ε₁/m": lambda *given: smoothed(*given, share=lambda eps1, m: eps1)[0],
    "nothing is smoothed": lambda corpus, m, *_: smoothed(corpus, m, 0.0, 1.0)[0],
    "ε₂ is taken in the place of ε₁": lambda corpus, m, eps1, eps2: smoothed(corpus, m, eps2, eps1)[0],
    "ε₁ is missing below the line": lambda corpus, m, eps1, eps2: smoothed(corpus, m, eps1, eps2)[0] * (len(corpus) + eps1) / len(corpus),
    "the last token is not counted": lambda corpus, *rest: smoothed(corpus[:-1], *rest)[0],
    "m · ε₁ stands below the line": lambda corpus, m, eps1, eps2: smoothed(corpus, m, m * eps1, eps2)[0],
})  # fmt: skip
BIGRAM_SLIPS = {
    "pairs are smoothed towards 1/m; it should be towards P̂(x′)":
        lambda *given, unigram=None: smoothed(*given, unigram=unigram, lean=lambda unigram, m: 1 / m)[1],
    "P̂(x) is taken for P̂(x′): the smoothing belongs to the second token of a pair":
        lambda *given, unigram=None: smoothed(*given, unigram=unigram, lean=lambda unigram, m: unigram[:, None])[1],
    "rows and columns are exchanged: row x, column x′": lambda *given, unigram=None: smoothed(*given, unigram=unigram)[1].T,
    "pairs are counted backwards": lambda corpus, *rest, unigram=None: smoothed(corpus.flip(0), *rest, unigram=unigram)[1],
    "ε₂ is added to every pair": lambda *given, unigram=None: smoothed(*given, unigram=unigram, lean=lambda unigram, m: 1.0)[1],
    "nothing is smoothed": lambda corpus, m, *_, unigram=None: smoothed(corpus, m, 1.0, 1e-12)[1],
    "ε₁ stands where ε₂ belongs": lambda corpus, m, eps1, eps2, unigram=None: smoothed(corpus, m, eps1, eps1, unigram=unigram)[1],
    "each row is divided by the number of all pairs":
        lambda *given, unigram=None: smoothed(*given, unigram=unigram, begins=lambda pairs, counts: pairs.sum().expand(len(counts)))[1],
}  # fmt: skip


@exercise("laplace_bigram")
class TestLaplaceBigram:
    test_unigram = unigram.agrees("P̂(x) adds ε₁/m to every count", 2, "(counts + eps1 / m) / (n + eps1)")

    @criterion(
        "P̂(x′ | x) adds ε₂ P̂(x′) to every count of a pair", weight=3, hint="(pairs + eps2 * unigram) / (pairs.sum(1, keepdim=True) + eps2)",
        hint_for=("wrong value", "wrong shape"),
    )  # fmt: skip
    def test_bigram(self, student, draw):
        for given in laplace.drawn(draw, [(11, 4), (25, 6), (3, 3), (7, 5, 3)]):  # what is wrong shows best in a corpus of some size
            result = student.laplace_bigram(given[0].clone(), *given[1:])
            mine, rows = but_the_last(given[0], result) if isinstance(result, list | tuple) and len(result) == 2 else (None, None)
            expect(isinstance(mine, torch.Tensor) and isinstance(rows, torch.Tensor), "two tensors should be returned, (unigram, bigram)", "wrong type")
            unigram = mine if tuple(mine.shape) == (given[1],) else None
            put = lambda f, unigram=unigram: lambda corpus, *rest: but_the_last(corpus, (unigram, f(corpus, *rest, unigram=unigram)))[1]
            slips = {words: put(slip) for words, slip in BIGRAM_SLIPS.items()}
            right = put(lambda *arguments, unigram: smoothed(*arguments, unigram=unigram)[1])
            replace(laplace.only("bigram"), right=right, slips=slips).compare([(given, rows)])

    @criterion("every row adds up to one", weight=2, hint="below the line stands how many pairs begin with x, the sum of its row", hint_for=("wrong value",))
    def test_rows(self, student, draw):
        for size in ((4, 2), (9, 4), (12, 7, 3)):
            given = corpus_of(draw, *size)
            result = student.laplace_bigram(given[0].clone(), *given[1:])
            expect(isinstance(result, list | tuple) and len(result) == 2, "two tensors should be returned, (unigram, bigram)", "wrong type", follows=True)
            assert_shape(result[1], (given[1], given[1]), what="the bigram probabilities")
            sums, last = result[1].sum(dim=1).tolist(), int(given[0][-1])
            others = [x for x, total in enumerate(sums) if abs(total - 1) > 1e-4 and x != last]
            expect(not others, f"row {others[:1]} adds up to {sums[others[0]] if others else 1:.4g}", follows=True)
            if abs(sums[last] - 1) > 1e-4:
                words = "n(x) stands below the line, as in the book: the last token, which begins no pair, is counted once too often"
                book = alike(result[1][last], smoothed(*given, unigram=result[0], begins=lambda pairs, counts: counts)[1][last])
                what = f"the row of the last token, {last}, adds up to {sums[last]:.4g}"
                raise Finding(f"{what}; that is what comes out when {words}" if book else what, follows=True, named=words if book else "")

    test_order = laplace.agrees(
        "takes a corpus in any memory order", 1, "reshape and indexing take any",
        arguments=lambda draw: {"laplace_bigram of every second entry": corpus_of(draw.other_order)},
        follows=True,
    )  # fmt: skip
    test_unchanged = laplace.leaves_inputs()
    test_again = laplace.again(sizes=((), (), (9, 6)))


# Mini-batches --------------------------------------------------------------------------------------------------------


def passes_of(student, name, corpus, batch_size, num_steps, seeds):
    """The batches of one pass for each seed, under a generator with that seed (None: without one); the corpus after each; what was raised behind a batch."""
    import random

    import torch

    found, after, late = [], [], []
    for i, seed in enumerate(seeds):
        torch.manual_seed(1000 + i)
        random.seed(1000 + i)
        given, batches = list(corpus), []
        generator = [] if seed is None else [torch.Generator().manual_seed(seed)]
        try:
            for pair in getattr(student, name)(given, batch_size, num_steps, *generator):
                batches.append(list(pair) if isinstance(pair, tuple) else pair)
        except Exception as error:
            if not batches:
                raise
            late.append(f"{type(error).__name__}: {error}")
        found.append(batches)
        after.append(given)
    return {"passes": found, "after": after, "late": late}


class Loading:
    """What both loaders have in common. due(N, o, batch_size, num_steps): the number of batches from offset o."""

    name: str

    def passes(self, student, draw, N, batch_size, num_steps, seeds, follows=True, corpus=None, look="X"):
        """The corpus, whose tokens all differ, and for each seed a list of pairs (X, Y), whose X has the right form; so has Y if it is looked at."""
        corpus = [7 + 3 * int(i) for i in draw.permutation(N)] if corpus is None else corpus
        seen = student.run(passes_of, name=self.name, corpus=list(corpus), batch_size=batch_size, num_steps=num_steps, seeds=list(seeds))
        for batches in seen["passes"]:
            for place, batch in enumerate(batches):
                right = isinstance(batch, list) and len(batch) == 2 and all(isinstance(part, torch.Tensor) for part in batch)
                expect(right, f"{self.name} should yield pairs of tensors, (X, Y)", "wrong type", follows=follows)
                for name, part in zip("XY", batch, strict=True):
                    expect(
                        name not in look or part.dtype == torch.int64, f"{name} has dtype {str(part.dtype)[6:]}, expected int64", "wrong type", follows=follows
                    )
                    fits = part.ndim == 2 and (
                        tuple(part.shape) == (batch_size, num_steps) or (place == len(batches) - 1 and self.short(part, batch_size, num_steps))
                    )
                    if name in look and not fits:
                        expected = f"expected (batch_size, num_steps), {(batch_size, num_steps)}"
                        raise Finding(f"{name} of a batch has shape {tuple(part.shape)}, {expected}", "wrong shape", follows=follows)
        self.late, self.after = seen["late"], seen["after"]
        return corpus, seen["passes"]

    def short(self, part, batch_size, num_steps):
        """Whether a last batch has fewer rows or columns than it should, which is a matter of the number of batches."""
        rows, columns = part.shape
        return (0 < rows <= batch_size and columns == num_steps) or (rows == batch_size and 0 < columns <= num_steps)

    def assert_full(self, student, draw, N, batch_size, num_steps, seeds):
        """All batches are full, and none fails. The places at which rows begin."""
        corpus, passes = self.passes(student, draw, N, batch_size, num_steps, seeds)
        for X, _ in itertools.chain(*passes):
            right = tuple(X.shape) == (batch_size, num_steps)
            expect(right, f"a batch has shape {tuple(X.shape)}; what does not fill one, {(batch_size, num_steps)}, is dropped", "wrong shape")
        expect(not self.late, f"a pass ends with {(self.late or [''])[0]}: is there a label for every token?", "crashed")
        return [[[corpus.index(row[0]) for row in X.tolist()] for X, _ in batches] for batches in passes]

    def starts(self, student, draw, N, batch_size, num_steps, seeds, follows=True):
        """For each seed the places at which the rows of each batch begin."""
        corpus, passes = self.passes(student, draw, N, batch_size, num_steps, seeds, follows)
        place = {token: i for i, token in enumerate(corpus)}
        found = []
        for batches in passes:
            rows = [X.tolist() for X, _ in batches]
            for row in itertools.chain(*rows):
                start = place.get(row[0], -1)
                same = start >= 0 and row == corpus[start : start + len(row)]
                columns = ": do its columns hold what its rows should?" if not same and [row[0]] * 2 == [corpus[start]] * 2 else ""
                expect(same, f"a row of X is no window of the corpus, tokens that follow each other{columns}", follows=follows)
            found.append([[place[row[0]] for row in batch] for batch in rows])
        return found

    def seeds(self, draw, n):
        return draw.integers(0, 2**31, n).tolist()

    @criterion(
        "every row of X is a window of the corpus, batches are (batch_size, num_steps) and int64", weight=2, hint="corpus[s : s + num_steps] for each row"
    )
    def test_windows(self, student, draw):
        for N, batch_size, num_steps in ((23, 2, 3), (40, 3, 5), (17, 2, 4), (9, 1, 4)):
            found = self.starts(student, draw, N, batch_size, num_steps, self.seeds(draw, 3), follows=False)
            words = f"there is no batch for {N} tokens, batch_size={batch_size} and num_steps={num_steps}"
            expect(all(found), words)

    @criterion("Y is X one token later", weight=2, hint="the same window, from s + 1 on; for the last token of a row, too")
    def test_labels(self, student, draw):
        for N, batch_size, num_steps in ((23, 2, 3), (40, 3, 5), (9, 1, 4), (30, 1, 1)):
            corpus, passes = self.passes(student, draw, N, batch_size, num_steps, self.seeds(draw, 3), look="XY")
            later = dict(itertools.pairwise(corpus))
            for X, Y in itertools.chain(*passes):
                for x, y in zip(X.flatten().tolist(), Y.flatten().tolist(), strict=True):
                    words = {x: "Y is X itself", later.get(later.get(x, x), -1): "Y is X two tokens later"}.get(y, "Y is not X one token later")
                    expect(y == later.get(x), words)
            expect(all(passes), "there is no batch to look at", follows=True)

    @criterion("leaves the corpus unchanged, and takes any list of ints", hint="slices are copies; del, pop and shuffle are not")
    def test_corpus(self, student, draw):
        for corpus in (draw.integers(0, 5, 26).tolist(), [0, 300, -1] * 8):
            _, passes = self.passes(student, draw, 0, 2, 3, self.seeds(draw, 3), corpus=corpus)
            expect(all(one == corpus for one in self.after), f"after a pass of {self.name} the corpus is another")
            for X, _ in itertools.chain(*passes):
                expect(all(any(row == corpus[i : i + len(row)] for i in range(24)) for row in X.tolist()), "a row is no window of the corpus", follows=True)

    @criterion(
        "all chance comes from the generator", weight=2, hint="torch.randint(num_steps, (1,), generator=generator); Python's random knows no torch.Generator"
    )
    def test_generator(self, student, draw):
        [first, second, *others] = self.seeds(draw, 8)
        seeds = [first, first, second, second, *others]
        corpus, passes = self.passes(student, draw, 41, 2, 7, seeds)
        texts = [[[X.tolist(), Y.tolist()] for X, Y in batches] for batches in passes]
        for i in (0, 2):
            expect(texts[i] == texts[i + 1], "two generators with the same seed give different batches")
        expect(all(texts), "there is no batch of 41 tokens", follows=True)
        if len(set(map(str, texts))) > 1:
            _, free = self.passes(student, draw, 41, 2, 7, [None] * 12, corpus=corpus)
            expect(len({str([X.tolist() for X, _ in batches]) for batches in free}) > 1, "without a generator all passes give the same batches", follows=True)


@exercise("seq_data_iter_random")
class TestSeqDataIterRandom(Loading):
    name = "seq_data_iter_random"

    @criterion("the windows are disjoint, one behind the other from the offset on, and none is missing", weight=3, hint="o, o + num_steps, o + 2 num_steps, …")
    def test_grid(self, student, draw):
        for N, num_steps in ((12, 3), (17, 4), (26, 5), (10, 3), (21, 5)):
            for batches in self.starts(student, draw, N, 1, num_steps, self.seeds(draw, 5)):
                places = sorted(start for [start] in batches)
                words = f"of {N} tokens in windows of {num_steps}"
                for one, next_one in itertools.pairwise(places):
                    expect(next_one > one, f"a window {words} comes twice in one pass: that from {one}")
                    expect(next_one - one >= num_steps, f"windows {words} overlap: they begin at {one} and at {next_one}")
                    expect(next_one - one == num_steps, f"between windows {words} there is a gap: they begin at {one} and at {next_one}")
                expect(bool(places), f"there is no window {words}", follows=True)
                expect(places[0] <= num_steps, f"the first window {words} begins at {places[0]}: one before it is missing", follows=True)
                due = (N - places[0] - 1) // num_steps
                expect(len(places) == due, f"from offset {places[0]} there are {len(places)} windows {words}, expected {due}: every label must exist")

    @criterion("every offset from 0 to num_steps − 1 occurs", hint="torch.randint(num_steps, (1,)): the upper end is left out")
    def test_offsets(self, student, draw):
        found = self.starts(student, draw, 12, 1, 3, self.seeds(draw, 48))
        offsets = sorted({min(start for [start] in batches) for batches in found if batches})
        expect(offsets != [0, 1, 2, 3], "with num_steps = 3 the offset is 3 at times, as in the book; 3 is one too many: it leaves out a whole window")
        words = f"in 48 passes with num_steps = 3 the first window begins at {', '.join(map(str, offsets))}; 0, 1 and 2 should occur"
        expect(offsets == [0, 1, 2], words, follows=True)

    @criterion("the windows come in random order", hint="torch.randperm of the number of windows")
    def test_shuffled(self, student, draw):
        found = self.starts(student, draw, 40, 2, 3, self.seeds(draw, 8))
        orders = [[start - min(itertools.chain(*batches)) for start in itertools.chain(*batches)] for batches in found]
        expect(any(order != sorted(order) for order in orders), "the windows come in the order of the corpus")
        expect(len(set(map(str, orders))) > 2, "the windows come in the same order in every pass")
        first, second = ([batch[i] for batches in found for batch in batches if len(batch) == 2] for i in (0, 1))
        near = [abs(a - b) == 3 for a, b in zip(first, second, strict=True)]
        expect(not all(near), "each batch holds neighbours: batches are in random order, windows are not")

    @criterion("makes as many full batches as there are windows for, and none of too short a corpus", weight=2, hint="num_windows // batch_size batches")
    def test_number(self, student, draw):
        for N, batch_size, num_steps in ((30, 2, 3), (37, 4, 3), (26, 3, 4), (50, 5, 2)):
            fewest, most = ((N - o - 1) // num_steps // batch_size for o in (num_steps - 1, 0))
            for batches in self.assert_full(student, draw, N, batch_size, num_steps, self.seeds(draw, 6)):
                due = f"{fewest}" if fewest == most else f"{fewest} or {most}"
                words = f"{len(batches)} batches of {N} tokens with batch_size={batch_size} and num_steps={num_steps}; expected {due}"
                expect(fewest <= len(batches) <= most, words, follows=True)
                expect(len(set(itertools.chain(*batches))) == len(batches) * batch_size, "a window comes twice in one pass", follows=True)
        for N, batch_size, num_steps in ((4, 1, 4), (9, 5, 2), (2, 1, 2), (3, 2, 3)):
            for batches in self.assert_full(student, draw, N, batch_size, num_steps, self.seeds(draw, 4)):
                expect(not batches, f"{N} tokens are too few for a batch with batch_size={batch_size} and num_steps={num_steps}", follows=True)


@exercise("seq_data_iter_sequential")
class TestSeqDataIterSequential(Loading):
    name = "seq_data_iter_sequential"

    @criterion(
        "row r of a batch goes on where row r of the batch before has ended", weight=3, hint="reshape(batch_size, −1) first, then slices of num_steps columns"
    )
    def test_continued(self, student, draw):
        for N, batch_size, num_steps in ((30, 2, 4), (52, 3, 6), (14, 1, 3)):
            for batches in self.starts(student, draw, N, batch_size, num_steps, self.seeds(draw, 4)):
                expect(len(batches) > 1, f"there are {len(batches)} batches of {N} tokens with batch_size={batch_size}, num_steps={num_steps}", follows=True)
                for one, after in itertools.pairwise(batches):
                    for r, (start, later) in enumerate(zip(one, after, strict=True)):
                        beside = ": neighbours stand in one batch, under one another" if batch_size > 1 and one[1] == one[0] + num_steps else ""
                        expect(later == start + num_steps, f"row {r} of a batch begins at {start}, and that of the next one at {later}{beside}")

    @criterion("the rows are long pieces of the corpus, one going on where the other ends", weight=2, hint="L = (N − o − 1) // batch_size tokens a row")
    def test_rows(self, student, draw):
        for N, batch_size, num_steps in ((30, 2, 3), (45, 3, 4), (28, 2, 2), (61, 5, 6)):
            for batches in self.starts(student, draw, N, batch_size, num_steps, self.seeds(draw, 4)):
                expect(bool(batches), f"there is no batch of {N} tokens with batch_size={batch_size}, num_steps={num_steps}", follows=True)
                offset = min(batches[0])
                length = (N - offset - 1) // batch_size
                gaps = [b - a for a, b in itertools.pairwise(sorted(batches[0]))]
                words = f"from offset {offset} the rows of {N} tokens begin {gaps[0]} apart, with batch_size={batch_size}; expected {length}"
                expect(all(gap == length for gap in gaps), words, follows=any(gap == num_steps for gap in gaps))
                expect(batches[0] == sorted(batches[0]), "the rows of a batch stand in another order than in the corpus", follows=True)

    @criterion("every offset from 0 to num_steps − 1 occurs", hint="torch.randint(num_steps, (1,)), and the corpus from there on")
    def test_offsets(self, student, draw):
        found = self.starts(student, draw, 20, 2, 3, self.seeds(draw, 48))
        offsets = sorted({min(batches[0]) for batches in found if batches})
        right = offsets in ([0, 1, 2], [0, 1, 2, 3])  # the book draws num_steps as well
        expect(right, f"in 48 passes with num_steps = 3 the first batch begins at {', '.join(map(str, offsets))}; 0, 1 and 2 should occur")

    @criterion("makes as many batches as the rows are long, and none of too short a corpus", weight=2, hint="L // num_steps batches; what is left is dropped")
    def test_number(self, student, draw):
        for N, batch_size, num_steps in ((30, 2, 3), (45, 3, 4), (61, 5, 6), (25, 4, 1)):
            for batches in self.assert_full(student, draw, N, batch_size, num_steps, self.seeds(draw, 5)):
                offset = batches[0][0] if batches else 0
                due = (N - offset - 1) // batch_size // num_steps
                words = f"from offset {offset} there are {len(batches)} batches of {N} tokens with batch_size={batch_size} and num_steps={num_steps}"
                expect(len(batches) == due, f"{words}, expected {due}", follows=True)
        for N, batch_size, num_steps in ((4, 1, 4), (9, 5, 2), (2, 1, 2), (3, 2, 3)):
            for batches in self.assert_full(student, draw, N, batch_size, num_steps, self.seeds(draw, 4)):
                expect(not batches, f"{N} tokens are too few for a batch with batch_size={batch_size} and num_steps={num_steps}", follows=True)


# The recurrent network -----------------------------------------------------------------------------------------------

RNN = ("W_xh", "W_hh", "b_h", "W_hq", "b_q")


def recurrent_of(draw, T=3, n=2, d=4, h=5, q=3):
    shapes = [(d, h), (h, h), (h,), (h, q), (q,)]
    return draw.normal(T, n, d), draw.normal(n, h), *(draw.normal(*shape, scale=0.6) for shape in shapes)


def flat(inputs, H, W_xh, W_hh, b_h, W_hq, b_q):
    outputs, (H,) = reference.rnn(inputs, (H,), [W_xh, W_hh, b_h, W_hq, b_q])
    return outputs, H


def taken_apart(f, what="(outputs, (H,))"):
    """f(inputs, (H,), params) as a function of tensors, which gives what f returns first, and H."""

    def called(inputs, H, *params, **given):
        result = f(inputs, (H,), list(params), *given.values())
        expect(isinstance(result, list | tuple) and len(result) == 2, f"two things should be returned, {what}", "wrong type")
        first, state = result
        expect(isinstance(first, torch.Tensor), f"the first thing that is returned is not a tensor; expected is {what}", "wrong type")
        right = isinstance(state, list | tuple) and len(state) == 1 and isinstance(state[0], torch.Tensor)
        expect(right, f"the new state should be returned as a tuple with one entry, {what}", "wrong type")
        return first, state[0]

    return called


def rnn_with(
    inputs, H, W_xh, W_hh, b_h, W_hq, b_q, squash=torch.tanh, early=False, before=lambda first, H: H, show=lambda output: output, outside=False
):  # fmt: skip
    """(outputs, H) of the network, or with a slip in it."""
    first, outputs = H, []
    for X in inputs:
        inside = X @ W_xh + before(first, H) @ W_hh
        H, old = squash(inside) + b_h if outside else squash(inside + b_h), H
        outputs.append(show((old if early else H) @ W_hq + b_q))
    return torch.cat(outputs), H


def with_rows(change):
    return lambda inputs, *rest: change(rnn_with(inputs, *rest)[0].unflatten(0, inputs.shape[:2]))


def rnn_slip(**slip):
    return lambda *given: rnn_with(*given, **slip)[0]


recurrent = case(
    flat, recurrent_of, sizes=[(1, 1, 3, 4, 5), (4, 3, 5, 6, 2), (6, 2, 4, 3, 7), (3, 4, 4, 4, 4)], name="rnn",
    gives=("the tensor of outputs", "H of the new state"), call=taken_apart, said=("inputs", "H"), **ROUNDING,
)  # fmt: skip
outputs_of_rnn = recurrent.only("the tensor of outputs", slips={
    "each output is made from the old state; expected is the new one": rnn_slip(early=True),
    "every step goes out from the state that was handed in: the new one is not carried on": rnn_slip(before=lambda first, H: first),
    "every step goes out from zero: the state is not carried on": rnn_slip(before=lambda first, H: torch.zeros_like(H)),
    "the sequence starts from zero, whatever state is handed in": lambda inputs, H, *params: rnn_with(inputs, torch.zeros_like(H), *params)[0],
    "the rows are ordered sequence by sequence; expected is step by step: first all rows of step 0, then all of step 1":
        with_rows(lambda Y: Y.transpose(0, 1).flatten(0, 1)),
    "they are stacked, (T, n, q); expected is one step under the other": with_rows(lambda Y: Y),
    "only the rows of the last step are returned": with_rows(lambda Y: Y[-1]),
    "a ReLU stands where tanh was expected": rnn_slip(squash=torch.relu),
    "a sigmoid stands where tanh was expected": rnn_slip(squash=torch.sigmoid),
    "the new state is not squeezed by tanh": rnn_slip(squash=torch.clone),
    "W_hh is transposed": lambda inputs, H, W_xh, W_hh, *rest: rnn_with(inputs, H, W_xh, W_hh.T, *rest)[0],
    "the bias b_h is added behind tanh; it stands inside": rnn_slip(outside=True),
    "the bias b_h is left out": lambda inputs, H, W_xh, W_hh, b_h, *rest: rnn_with(inputs, H, W_xh, W_hh, 0 * b_h, *rest)[0],
    "the bias b_q is left out": lambda *given: rnn_with(*given[:-1], 0 * given[-1])[0],
    "the hidden states are returned; the output layer is missing": lambda inputs, H, *params: torch.cat(hidden_states(inputs, H, *params[:3])),
    "the outputs are squeezed by tanh, too": rnn_slip(show=torch.tanh),
    "the inputs are read from the last step to the first": lambda inputs, *rest: rnn_with(inputs.flip(0), *rest)[0],
})  # fmt: skip


def hidden_states(inputs, H, W_xh, W_hh, b_h):
    states = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        states.append(H)
    return states


def torch_rnn(inputs, H, W_xh, W_hh, b_h, W_hq, b_q):
    """(outputs, H) by nn.RNN with these weights."""
    layer = torch.nn.RNN(*W_xh.shape).double()
    with torch.no_grad():
        for weight, value in zip(layer.parameters(), (W_xh.T, W_hh.T, 0.25 * b_h, 0.75 * b_h), strict=True):
            weight.copy_(value)
        hidden, last = layer(inputs.cpu().double(), H.cpu().double()[None])
    return (hidden.flatten(0, 1).to(inputs) @ W_hq + b_q), last[0].to(inputs)


rnn_of_torch = replace(recurrent, right=torch_rnn)
rnn_nested = case(
    reference.rnn, lambda draw, *size: (lambda X, H, *params: (X, (H,), list(params)))(*recurrent_of(draw, *size)), gives=recurrent.gives, **ROUNDING
)


def with_flat_biases(draw):
    """Biases that are rows, as in the notes."""
    drawn = {}
    for size in ((3, 2, 4, 5, 3), (2, 3, 3, 4, 2)):
        X, H, W_xh, W_hh, b_h, W_hq, b_q = recurrent_of(draw, *size)
        drawn[f"the outputs of rnn with biases (1, {size[3]}) and (1, {size[4]})"] = (X, H, W_xh, W_hh, b_h[None], W_hq, b_q[None])
    return drawn


def far_from_zero(draw):
    drawn = {}
    for far in (-300.0, 300.0):
        X, H, W_xh, W_hh, b_h, *rest = recurrent_of(draw)
        drawn[f"sums near {far:g}"] = (X, H, W_xh, W_hh, b_h + far, *rest)
    return drawn


@exercise("rnn", forbid=["rnn"])
class TestRnn:
    test_outputs = outputs_of_rnn.agrees("outputs equal the formulas, for every step and sequence", 4, "H = tanh(X W_xh + H W_hh + b_h), then H W_hq + b_q")

    @criterion(
        "starts from the state it is given and returns the one after the last step", weight=2, hint="(H,) = state before the loop, return …, (H,) after it"
    )
    def test_state(self, student, draw):
        for n in (3, 1):
            X, H, *params = recurrent_of(draw, 5, n, 4, 6, 2)
            ask = lambda X, H: recurrent.of(student)(X.clone(), H.clone(), *params)  # noqa: B023
            (whole, after), (first, middle) = ask(X, H), ask(X[:2], H)
            assert_shape(after, (n, 6), what="H of the new state")
            second, _ = ask(X[2:], middle)
            expect(not alike(after, H), "the new state is the one that was handed in")
            expect(not alike(whole, whole[:1].expand_as(whole)), "all rows of the outputs are the same, whatever the inputs are", follows=True)
            expect(alike(torch.cat([first, second]), whole), "cutting a sequence in two and passing the state on changes the outputs", follows=True)
            expect(alike(after, flat(X, H, *params)[1]), "H of the new state is not that after the last step", follows=True)
            moved = ask(X, H + 1)[0]
            expect(not alike(moved[:n], whole[:n]), "the outputs do not depend on the state that is passed in", follows=True)

    test_torch = rnn_of_torch.agrees(
        "equals nn.RNN with its weights", 1, "W_xh = weight_ih_l0.T, W_hh = weight_hh_l0.T, b_h the sum of both biases", follows=True
    )
    test_biases = outputs_of_rnn.agrees("takes biases as rows (1, h) and (1, q) as well", 1, "+ broadcasts both", arguments=with_flat_biases, follows=True)
    test_saturated = recurrent.stays_finite("stays finite for sums of any size", far_from_zero, hint="torch.tanh takes any sum; exp of your own overflows")
    test_gradients = recurrent.gradients(
        2, "stay with tensor operations from the inputs to the result", "gradients are right, and reach inputs, state and all parameters", size=(3, 2, 3, 4, 2)
    )
    test_dtype = recurrent.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = recurrent.leaves_inputs(hint="H += … writes into the caller's state")
    test_again = rnn_nested.again(sizes=((), (), (5, 3, 2, 4, 6)))


ALPHABET = ("<unk>", *"azbycxd")  # index, letter


def predicted(student, asks, tables, letters):
    """What predict writes with a small network, and what the network sees meanwhile. asks: pairs (prefix, num_preds)."""
    import torch

    E, W, V = tables

    class Letters:
        def __len__(self):
            return len(letters)

        def __getitem__(self, letter):
            if isinstance(letter, (list, tuple)):
                return [self[one] for one in letter]
            return letters.index(letter) if letter in letters else 0

        def to_tokens(self, index):
            return [self.to_tokens(one) for one in index] if isinstance(index, (list, tuple)) else letters[index]

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.E, self.W, self.V = (torch.nn.Parameter(t.clone()) for t in (E, W, V))
            self.read, self.said, self.shapes, self.states, self.graphs, self.begun = [], [], [], [], [], []

        def begin_state(self, n):
            self.begun.append(n)
            return (torch.full((n, len(W)), 0.3),)

        def forward(self, X, state):
            self.shapes.append([list(X.shape), str(X.dtype)])
            H, outputs = state[0], []
            came = H.detach().clone()
            for index in X.reshape(-1).tolist():
                self.read.append(int(index))
                H = torch.tanh(self.E[int(index)] + H @ self.W)
                outputs.append(H @ self.V)
                self.said.append(int(outputs[-1].argmax()))
            self.states.append([came, H.detach().clone()])
            outputs = torch.cat(outputs)
            self.graphs.append(outputs.requires_grad)
            return outputs, (H,)

    found = []
    for i, (prefix, num_preds) in enumerate(asks):
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        net = Net().train(i % 2 == 0)
        text = student.predict(prefix, num_preds, net, Letters())
        found.append({
            "text": text, "read": net.read, "said": net.said, "shapes": net.shapes, "states": net.states, "graphs": net.graphs, "begun": net.begun,
            "mode kept": net.training == (i % 2 == 0), "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())],
        })  # fmt: skip
    return found


def small_net(draw, h=6):
    """(E, W, V) of a network whose state decides much, and which never says <unk>."""
    v = len(ALPHABET)
    V = draw.normal(h, v, scale=2.0)
    V[:, 0] = 0
    E, W = draw.normal(v, h), draw.normal(h, h, scale=0.9)
    V[0, 0], E[:, 0] = -100.0, E[:, 0].abs() + 3  # the first unit is near 1 whatever was read
    W[:, 0] = 0
    return E, W, V


def written(tables, prefix, num_preds, warm_up=lambda prefix: prefix, last_again=False, own=False, lost=False, worst=False):
    """The text that comes out, or with a slip."""
    E, W, V = tables
    H, text = torch.full((1, len(W)), 0.3), prefix

    def read(letter, H):
        H = torch.tanh(E[ALPHABET.index(letter)] + (torch.full_like(H, 0.3) if lost else H) @ W)
        scores = (H @ V)[0]
        return ALPHABET[int(scores.argmin() if worst else scores.argmax())], H

    letters = warm_up(prefix)
    said = prefix[-1]
    for i, letter in enumerate(letters):
        said, H = read(said if own and i > 0 else letter, H)
    last = prefix[-1]
    for i in range(num_preds):
        if i > 0 or last_again or not letters:
            said, H = read(last, H)
        text, last = text + said, said
    return text


PREFIXES = (("az", 6), ("b", 7), ("cxdab", 5), ("yyz", 1), ("dcbazyx", 4))


@exercise("predict")
class TestPredict:
    def look(self, student, draw):
        tables = small_net(draw)
        return [
            (prefix, n, tables, seen)
            for (prefix, n), seen in zip(PREFIXES, student.run(predicted, asks=PREFIXES, tables=tables, letters=ALPHABET), strict=True)
        ]

    @criterion(
        "reads every letter of the prefix once, in order, and then its own predictions", weight=3, hint="the scores after the last letter give the first one"
    )
    def test_read(self, student, draw):
        for prefix, n, _, seen in self.look(student, draw):
            for shape, dtype in seen["shapes"]:
                right = len(shape) == 2 and shape[0] == 1 and dtype == "torch.int64"
                expect(right, f"net was called with a tensor of shape {tuple(shape)} and dtype {dtype[6:]}; expected is (1, T), int64", "wrong shape")
            read, said = ("".join(ALPHABET[i] if i else "?" for i in seen[key]) for key in ("read", "said"))
            # What is written may be wrong for another reason than what is read: both what it writes and what the net says will do.
            text = "".join(map(str, seen["text"])) if isinstance(seen["text"], str | list) else ""
            new = {text[len(prefix) :], text, said[len(prefix) - 1 :][:n]}
            if not any(read in (prefix + one[: n - 1], prefix + one[:n]) and len(one) >= n - 1 for one in new):
                never, twice = read.startswith(prefix[1:]) and not read.startswith(prefix), read.startswith(prefix + prefix[-1])
                own = len(prefix) > 1 and read[: len(prefix)] == (prefix[0] + said)[: len(prefix)]
                remark = ": during the warm-up it reads its own predictions" if own else ""
                remark = ": the last letter of the prefix is read twice" if twice else ": the first letter of the prefix is never read" if never else remark
                what = f"the net reads {read!r} for the prefix {prefix!r} and {n} letters more"
                raise Finding(f"{what}{remark}; it should read the prefix once, and then what it has said itself")

    @criterion(
        "goes out from begin_state(1), and hands each state on to the next call", weight=2, hint="outputs, state = net(X, state), for the warm-up as well"
    )
    def test_state(self, student, draw):
        for prefix, *_, seen in self.look(student, draw):
            expect(seen["begun"][:1] == [1], f"begin_state was called with {seen['begun'][:1] or 'nothing'}; one text is written: begin_state(1)")
            expect(bool(seen["states"]), "the net is never called", follows=True)
            due = torch.full_like(seen["states"][0][0], 0.3)
            for i, (came, went) in enumerate(seen["states"]):
                which = (
                    "call of the net does not go out from begin_state(1)" if i == 0 else "call does not go out from the state that the one before has returned"
                )
                expect(bool(torch.equal(came, due)), f"from the prefix {prefix!r}: the {'first' if i == 0 else 'next'} {which}")
                due = went

    @criterion(
        "writes the letter with the highest score, as many as asked for, behind the prefix", weight=3, hint="int(outputs[-1].argmax()), and to_tokens of it"
    )
    def test_text(self, student, draw):
        asked = self.look(student, draw)
        slips = {
            "the last letter of the prefix is read twice": {"last_again": True},
            "the first letter of the prefix is never read": {"warm_up": lambda prefix: prefix[1:]},
            "the last letter of the prefix is never read": {"warm_up": lambda prefix: prefix[:-1]},
            "the state is lost between the steps": {"lost": True},
            "the net reads its own predictions during the warm-up; it should read the prefix": {"own": True},
            "the prefix is not read at all but for its last letter": {"warm_up": lambda prefix: prefix[-1]},
            "the letter with the lowest score is taken": {"worst": True},
        }
        texts = [seen["text"] for *_, seen in asked]
        rights = [written(tables, prefix, n) for prefix, n, tables, _ in asked]
        for (prefix, n, _, seen), right in zip(asked, rights, strict=True):
            text, what = seen["text"], f"predict({prefix!r}, {n}, …)"
            expect(isinstance(text, str), f"{what} should return a string", "wrong type")
            if text != right:
                ways = ((words, [written(tables, p, k, **slip) for p, k, tables, _ in asked]) for words, slip in slips.items())
                words = next((words for words, others in ways if others == texts), "")
                expect(bool(words) or text.startswith(prefix), f"{what} is {text!r}: it should begin with the prefix")
                length = len(text) - len(prefix)
                expect(bool(words) or length == n, f"{what} is {text!r}, {length} letters longer than the prefix", follows=True)
                raise Finding(
                    f"{what} is what comes out when {words}" if words else f"{what} is {text!r}: this is not what the net says", follows=True, named=words
                )

    @criterion("records no graph", hint="with torch.no_grad():")
    def test_graph(self, student, draw):
        for *_, seen in self.look(student, draw):
            expect(not any(seen["graphs"]), "outputs of the net carry a graph, and nobody needs it")
            expect(bool(seen["graphs"]), "the net is never called", follows=True)
            assert_left_alone(seen["program"], "predict")

    @criterion("num_preds = 0 gives the prefix, and the mode of the net is left as it is", hint="call neither eval() nor train()")
    def test_none(self, student, draw):
        asks = (("zb", 0), ("a", 0), ("xy", 2), ("c", 3))
        tables = small_net(draw)
        for (prefix, n), seen in zip(asks, student.run(predicted, asks=asks, tables=tables, letters=ALPHABET), strict=True):
            expect(n > 0 or seen["text"] == prefix, f"predict({prefix!r}, 0, …) is {seen['text']!r}", follows=True)
            expect(seen["mode kept"], "predict has switched the net between training and evaluation")
            expect(isinstance(seen["text"], str) and len(seen["text"]) == len(prefix) + n, "the text is not as long as it should be", follows=True)


# Back through time ---------------------------------------------------------------------------------------------------

GRADIENTS = ("dW_xh", "dW_hh", "db_h", "dX", "dH0")


def states_of(draw, T=3, n=2, d=4, h=5):
    """(dH, X, H0, H, W_xh, W_hh): H are the states of a network with these weights."""
    X, H0, W_xh, W_hh = draw.normal(T, n, d), draw.normal(n, h, scale=0.7), draw.normal(d, h, scale=0.6), draw.normal(h, h, scale=0.6)
    H = torch.stack(hidden_states(X, H0, W_xh, W_hh, draw.normal(h, scale=0.5)))
    if draw.turned:
        H = H.transpose(0, 1).contiguous().transpose(0, 1)
    return draw.normal(T, n, h), X, H0, H, W_xh, W_hh


def back(
    dH, X, H0, H, W_xh, W_hh, carry=lambda A, W: A @ W.T, slope=lambda before, H: 1 - H**2, first=lambda H0, H: H0, before=None, home=lambda A, W: A @ W.T,
    sent=lambda A, own: A,
):  # fmt: skip
    """All five, or with a slip."""
    came = torch.cat([first(H0, H)[None], H[:-1]])
    A, later = torch.zeros_like(H), torch.zeros_like(H0)
    for t in reversed(range(len(H))):
        A[t] = (dH[t] + later) * slope(came[t], H[t])
        later = carry(sent(A[t], dH[t]), W_hh)
    weighs = came if before is None else before(came, H)
    return (
        torch.einsum("tnd,tnh->dh", X, A), torch.einsum("tng,tnh->gh", weighs, A), A.sum(dim=(0, 1)), torch.einsum("tnh,dh->tnd", A, W_xh),
        home(sent(A[0], dH[0]), W_hh),
    )  # fmt: skip


BACK_SLIPS = {
    "H_t stands where H_{t−1} belongs, the state before the step": lambda *given: back(*given, before=lambda came, H: H),
    "the first state H0 is left out, as if it were zero": lambda *given: back(*given, first=lambda H0, H: torch.zeros_like(H0)),
    "H[-1], the last state, stands before step 0; H0 does": lambda *given: back(*given, first=lambda H0, H: H[-1]),
    "W_hh is not transposed on the way back": lambda *given: back(*given, carry=torch.matmul, home=torch.matmul),
    "nothing comes back from later steps: each is taken for itself": lambda *given: back(*given, carry=lambda A, W: 0 * A),
    "a step sends dH_t back alone, without what it has got from later ones: what goes back is A_t W_hhᵀ": lambda *given: back(*given, sent=lambda A, own: own),
    "what a later step sends back goes past W_hh": lambda *given: back(*given, carry=lambda A, W: A),
    "the derivative of tanh is taken as 1 − H_{t−1}², with the state before the step": lambda *given: back(*given, slope=lambda came, H: 1 - came**2),
    "the derivative of tanh is left out": lambda *given: back(*given, slope=lambda came, H: torch.ones_like(H)),
    "the derivative of tanh is taken as 1 − tanh(H)²; H is the result of tanh already": lambda *given: back(
        *given, slope=lambda came, H: 1 - torch.tanh(H) ** 2
    ),
    "the derivative of the sigmoid is taken, H (1 − H)": lambda *given: back(*given, slope=lambda came, H: H * (1 - H)),
    "it is divided by the number of sequences; these are sums over the batch": lambda *given: tuple(g / len(given[2]) for g in back(*given)),
    "the gradient of the first state comes from the last step": lambda *given: (*back(*given)[:4], last_step(*given) @ given[5].T),
    "only the last step counts": lambda dH, *rest: back(torch.cat([0 * dH[:-1], dH[-1:]]), *rest),
    "only the first step counts": lambda dH, X, H0, H, *W: (lambda g: (X[0].T @ g, H0.T @ g, g.sum(0), g @ W[0].T, g @ W[1].T))(inside(dH, X, H0, H, *W)[0]),
}


def inside(dH, X, H0, H, W_xh, W_hh):
    A, later = torch.zeros_like(H), torch.zeros_like(H0)
    for t in reversed(range(len(H))):
        A[t] = (dH[t] + later) * (1 - H[t] ** 2)
        later = A[t] @ W_hh.T
    return A


def last_step(*given):
    return inside(*given)[-1]


backwards = case(
    reference.rnn_backward, states_of, sizes=[(1, 1, 2, 3), (4, 3, 2, 5), (6, 2, 5, 3), (3, 1, 4, 2)], gives=GRADIENTS, said=("X", "W_hh"), **ROUNDING
)
TOGETHER = "is the gradient of the whole loss, through all later steps"


def part_of_backward(index):
    return backwards.only(
        GRADIENTS[index], slips={words: (lambda *given, slip=slip: slip(*given)[index]) for words, slip in BACK_SLIPS.items()}
    )  # fmt: skip


of_w_xh, of_w_hh, of_b_h, of_x, of_h0 = map(part_of_backward, range(5))


@exercise("rnn_backward", forbid=NO_AUTOGRAD)
class TestRnnBackward:
    test_w_hh = of_w_hh.agrees(f"dW_hh {TOGETHER}", 3, "the sum of H_{t−1}ᵀ A_t; before step 0 stands H0")
    test_w_xh = of_w_xh.agrees(f"dW_xh {TOGETHER}", 2, "the sum of X_tᵀ A_t")
    test_b_h = of_b_h.agrees(f"db_h {TOGETHER}", 1, "the sum of A_t over steps and sequences")
    test_x = of_x.agrees(f"dX {TOGETHER}", 2, "A_t W_xhᵀ for each step")
    test_h0 = of_h0.agrees(f"dH0 {TOGETHER}", 2, "A_1 W_hhᵀ: what the first step sends back")
    test_no_graph = backwards.needs_no_graph()
    test_at_once = backwards.at_once("n", hint="loop over the steps; matrix products do all sequences at once")
    test_dtype = backwards.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = backwards.leaves_inputs(hint="dH[t] += … writes into the caller's tensor")
    test_again = backwards.again(sizes=((), (), (5, 3, 2, 4)))


def truncated_of(draw, T=7, n=2, d=3, h=4, num_steps=3):
    X, H, W_xh, W_hh, b_h, *_ = recurrent_of(draw, T, n, d, h, 2)
    return X, H, W_xh, W_hh, b_h, num_steps


def cut_states(
    X, H, W_xh, W_hh, b_h, num_steps, at=lambda t, k, T: t > 0 and t % k == 0, cut=torch.detach, read=lambda x, cuts: x, earlier=lambda states, cuts: states
):  # fmt: skip
    states = []
    for t, x in enumerate(X):
        cuts = at(t, num_steps, len(X))
        states = earlier(states, cuts)
        H = torch.tanh(read(x, cuts) @ W_xh + (cut(H) if cuts else H) @ W_hh + b_h)
        states.append(H)
    return torch.stack(states), H


def truncated_right(X, H, W_xh, W_hh, b_h, num_steps):
    states, (H,) = reference.rnn_truncated(X, (H,), [W_xh, W_hh, b_h], num_steps)
    return states, H


TRUNCATED_SIZES = [(5, 2, 3, 4, 2), (7, 3, 2, 5, 3), (4, 1, 4, 3, 4), (3, 2, 3, 2, 9), (3, 2, 2, 3, 1)]
truncated = case(
    truncated_right, truncated_of, sizes=TRUNCATED_SIZES, name="rnn_truncated", gives=("the tensor of states", "H of the new state"), said=("X", "num_steps"),
    call=lambda f: lambda X, H, W_xh, W_hh, b_h, num_steps: taken_apart(f, "(states, (H,))")(X, H, W_xh, W_hh, b_h, num_steps=num_steps), **ROUNDING,
    slips={
        "the state is set to zero at a cut; it keeps its values, and loses only its graph": lambda *given: cut_states(*given, cut=torch.zeros_like),
        "it begins anew from the first state at a cut": lambda X, H, *rest: cut_states(X, H, *rest, cut=lambda _: H),
    },
)  # fmt: skip
truncated_states = truncated.only("the tensor of states", slips={words: (lambda *given, slip=slip: slip(*given)[0]) for words, slip in truncated.slips.items()})
nested_truncated = case(
    reference.rnn_truncated,
    lambda draw, *size: (lambda X, H, a, b, c, k: (X, (H,), [a, b, c], k))(*truncated_of(draw, *size)),
    gives=truncated.gives,
    **ROUNDING,
)
SENT_BACK = ("inputs", "the first state", "W_xh", "W_hh", "b_h")


def sent_back(states, leaves, upstream):
    found = torch.autograd.grad(states, leaves, upstream, allow_unused=True)
    return [torch.zeros_like(leaf) if gradient is None else gradient for leaf, gradient in zip(leaves, found, strict=True)]


WRONG_CUTS = {
    "the graph is cut at every step": {"at": lambda t, k, T: t > 0},
    "the graph is cut one step early, before the steps num_steps − 1, 2 num_steps − 1, …": {"at": lambda t, k, T: t > 0 and (t + 1) % k == 0},
    "the graph is cut one step late": {"at": lambda t, k, T: t > 1 and (t - 1) % k == 0},
    "the graph is never cut": {"at": lambda t, k, T: False},
    "the graph is cut before step 0 as well: the first state gets no gradient": {"at": lambda t, k, T: t % k == 0},
    "the graph is cut once, and never again": {"at": lambda t, k, T: t == k},
    "the cuts are counted from the last step": {"at": lambda t, k, T: t > 0 and (T - t) % k == 0},
    "the inputs are detached, too": {"read": lambda x, cuts: x.detach() if cuts else x},
    "the states before a cut are detached as well; they keep their graph": {
        "earlier": lambda states, cuts: [state.detach() for state in states] if cuts else states
    },
}


@exercise("rnn_truncated")
class TestRnnTruncated:
    test_values = truncated_states.agrees("has the states of the network without truncation", 2, "detach changes no number")

    def compare(self, student, draw, parts, follows=False):
        """The gradients that a random one at the states sends back to these parts."""
        for size in TRUNCATED_SIZES:
            *tensors, num_steps = truncated_of(draw.float64, *size)
            leaves = [t.requires_grad_() for t in tensors]
            states, _ = truncated.of(student)(*(t * 1 for t in leaves), num_steps)
            assert_shape(states, (size[0], size[1], size[3]), what="the tensor of states")
            expect(states.requires_grad, "the states carry no graph: a step's own part of it should be kept", "no gradient")
            upstream = draw.float64.normal(*states.shape)
            found, right = (sent_back(one, leaves, upstream) for one in (states, cut_states(*leaves, num_steps)[0]))
            for i in parts:
                if alike(found[i], right[i]):
                    continue
                wrong = {words: sent_back(cut_states(*leaves, num_steps, **slip)[0], leaves, upstream) for words, slip in WRONG_CUTS.items()}
                words = next((words for words, other in wrong.items() if alike(found[i], other[i]) and not alike(other[i], right[i])), "")
                what = f"the gradient of {SENT_BACK[i]} for T={size[0]} and num_steps={num_steps}"
                raise Finding(f"{what} is what comes out when {words}" if words else f"{what} is not right", follows=follows, named=words)

    @criterion(
        "a gradient reaches the inputs of its own window only, and the first state through the first",
        weight=3,
        hint="detach before the steps k, 2k, …, not before 0",
    )
    def test_windows(self, student, draw):
        self.compare(student, draw, (0, 1), follows=True)

    @criterion("the gradients of the parameters sum over all windows", weight=2, hint="only the state is detached, never the parameters")
    def test_parameters(self, student, draw):
        self.compare(student, draw, (2, 3, 4), follows=True)

    @criterion("the new state is the last of the states", hint="return torch.stack(states), (H,)")
    def test_state(self, student, draw):
        for size in ((5, 2, 3, 4, 2), (4, 3, 2, 5, 2)):
            given = truncated_of(draw, *size)
            states, H = truncated.of(student)(*(t.clone() for t in given[:-1]), given[-1])
            assert_shape(H, (size[1], size[3]), what="H of the new state")
            expect(alike(H, states[-1]), "the new state is not the last of the states")
            truncated.compare([(given, (states.detach(), H.detach()))], follows=True)

    test_dtype = truncated.keeps_dtype(hint=NO_DTYPE)
    test_unchanged = truncated.leaves_inputs(hint="detach_() writes into the caller's state; H.detach() does not")
    test_again = nested_truncated.again(sizes=((), (), (4, 3, 2, 5, 2)))


# Training ------------------------------------------------------------------------------------------------------------

NO_CLIPPING = 1e6


def some_batches(draw, v=5, n=3, lengths=(4, 2, 3)):
    """Batches (X, Y) of random tokens that follow each other, and a table of scores with a bias."""
    ids = draw.integers(0, v, n, sum(lengths) + 1)
    pieces = zip(ids[:, :-1].split(list(lengths), dim=1), ids[:, 1:].split(list(lengths), dim=1), strict=True)
    return [list(pair) for pair in pieces], draw.normal(v, v, scale=1.5), draw.normal(v)


def token_losses(W, c, X, Y):
    return torch.nn.functional.cross_entropy((W[X.T.reshape(-1)] + c).double(), Y.T.reshape(-1), reduction="none")


def stepped(batches, W, c, lr, theta, told=lambda X, Y: Y.T, share=lambda X: X.numel(), kept=0.0, alone=False, always=False, late=False):
    """The table and the bias after gradient descent on the mean loss of each batch, in closed form; or with a slip."""
    g, b = torch.zeros_like(W), torch.zeros_like(c)
    for X, Y in batches:
        x, y = X.T.reshape(-1), told(X, Y).reshape(-1)
        P = torch.softmax(W[x] + c, dim=1)
        P[range(len(y)), y] -= 1
        g, b = kept * g + torch.zeros_like(W).index_add_(0, x, P / share(X)), kept * b + P.sum(dim=0) / share(X)
        norms = [g.norm(), b.norm()] if alone else [torch.cat([g.flatten(), b]).norm()] * 2
        factors = [float(theta / norm) if always or norm > theta else 1.0 for norm in norms]
        if late:
            factors = [1.0, 1.0]
        W, c = W - lr * factors[0] * g, c - lr * factors[1] * b
    return W, c


def with_slip(**slip):
    return lambda *given: stepped(*given, **slip)


step = case(
    stepped, lambda draw, v=5, n=3, lengths=(4, 2): (*some_batches(draw, v, n, lengths), 0.7, NO_CLIPPING), name="train_epoch", gives=("the table", "its bias"),
    slips={
        "the right tokens stand in another order than the outputs: these come step by step, so Y must be transposed": with_slip(told=lambda X, Y: Y),
        "the token that was read is to be guessed, X; it should be the next one, Y": with_slip(told=lambda X, Y: X.T),
        "the losses of a batch are added up; expected is their mean": with_slip(share=lambda X: 1),
        "the loss is divided by the number of sequences only; it is the mean over all tokens": with_slip(share=len),
        "the gradients of earlier batches are still there: backward() adds to what it finds": with_slip(kept=1.0),
        "the gradient is not clipped, or after the step": with_slip(late=True),
        "each parameter is clipped for itself; theta is for all together": with_slip(alone=True),
        "gradients that are short enough are stretched to theta": with_slip(always=True),
        "nothing is learned: the parameters are as they were": lambda batches, W, c, *how: (W, c),
        "the step goes with the gradient, uphill": lambda batches, W, c, lr, theta: stepped(batches, W, c, -lr, theta),
        "only the first batch is read": lambda batches, *how: stepped(batches[:1], *how),
    },
    **ROUNDING,
)  # fmt: skip


def trained(student, batches, W, c, lr, theta, use_random_iter, once=False):
    """A table of scores after an epoch, and what it was before each batch. once: the batches come from an iterator that can be walked through once."""
    import torch

    class Table(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.W, self.c = torch.nn.Parameter(W.clone()), torch.nn.Parameter(c.clone())
            self.seen = []

        def begin_state(self, n):
            return torch.zeros(n, 1)

        def forward(self, X, state):
            self.seen.append([self.W.detach().clone(), self.c.detach().clone(), list(X.shape), str(X.dtype)])
            return self.W[X.T.reshape(-1)] + self.c, state

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    net = Table()
    pairs = [tuple(pair) for pair in batches]
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    returned = student.train_epoch(net, iter(pairs) if once else pairs, optimizer, theta, use_random_iter)
    return {
        "after": [net.W.detach(), net.c.detach()],
        "returned": returned,
        "seen": net.seen,
        "program": [torch.is_grad_enabled(), str(torch.get_default_dtype())],
    }


def trained_with_state(student, batches, W, start, use_random_iter, as_tuple):
    """The states that a network is called with, whether they carry a graph, and those that it has returned."""
    import torch

    class Stateful(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.W = torch.nn.Parameter(W.clone())
            self.came, self.graphs, self.went, self.begun = [], [], [], []

        def begin_state(self, n):
            self.begun.append(n)
            state = start[:n] + len(self.begun)
            return (state.clone(), state + 1) if as_tuple else state.clone()

        def forward(self, X, state):
            parts = list(state) if isinstance(state, (tuple, list)) else [state]
            self.came.append([s.detach().clone() for s in parts])
            self.graphs.append(any(s.requires_grad for s in parts))
            moved = self.W[X].mean(dim=(1, 2))[:, None]
            new = [0.5 * s + (i + 1) * moved for i, s in enumerate(parts)]
            self.went.append([s.detach().clone() for s in new])
            return self.W[X.T.reshape(-1)] + 0.1 * new[0].mean(), tuple(new) if as_tuple else new[0]

    torch.set_grad_enabled(True)
    net = Stateful()
    student.train_epoch(net, [tuple(pair) for pair in batches], torch.optim.SGD(net.parameters(), lr=0.05), 1.0, use_random_iter)
    return {"came": net.came, "graphs": net.graphs, "went": net.went, "begun": net.begun}


def learn_zen(student, ending, enough, ids, v, own):
    """Weights of a network after at most 50 epochs: W_xh, W_hh, b_h, W_hq, b_q. own: with the student's rnn, else with nn.RNN."""
    import torch

    h, ids = 64, torch.tensor(ids)

    class Library(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.linear = torch.nn.RNN(v, h), torch.nn.Linear(h, v)

        def begin_state(self, n):
            return torch.zeros(1, n, h)

        def forward(self, X, state):
            hidden, state = self.layer(torch.nn.functional.one_hot(X.T, v).float(), state)
            return self.linear(hidden).flatten(0, 1), state

    class Passes:
        """Batches by sequential partitioning, from another offset in each pass."""

        number = 0

        def __len__(self):
            return 3

        def __iter__(self):
            self.number += 1
            offset = int(torch.randint(32, ()))
            length = (len(ids) - offset - 1) // 8
            X, Y = (ids[offset + i : offset + i + 8 * length].reshape(8, length) for i in (0, 1))
            for i in range(0, length - 31, 32):
                yield X[:, i : i + 32], Y[:, i : i + 32]

    net, passes = student.CharRNN(v, h) if own else Library(), Passes()

    def weights():
        if own:
            return [p.detach() for p in net.params]
        layer, linear = net.layer, net.linear
        found = (layer.weight_ih_l0.T, layer.weight_hh_l0.T, layer.bias_ih_l0 + layer.bias_hh_l0, linear.weight.T, linear.bias)
        return [p.detach() for p in found]

    def perplexity():
        if passes.number < 24:
            return float("inf")
        W_xh, W_hh, b_h, W_hq, b_q = weights()
        packed = [W_xh.T.contiguous(), W_hh.T.contiguous(), b_h, torch.zeros(h)]
        inputs = torch.nn.functional.one_hot(ids[:-1, None], v).float()
        hidden, _ = torch.rnn_tanh(inputs, torch.zeros(1, 1, h), packed, True, 1, 0.0, False, False, False)
        return torch.nn.functional.cross_entropy(hidden[:, 0] @ W_hq + b_q, ids[1:]).exp()

    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    with ending(passes, perplexity, enough) as read:
        for _ in range(50):
            student.train_epoch(net, read, optimizer, 1.0, False)
    return weights()


def zen_perplexity(data, weights):
    """Of the network with these weights on the whole text, measured here."""
    shapes = [(data["v"], 64), (64, 64), (64,), (64, data["v"]), (data["v"],)]
    for name, weight, shape in zip(RNN, weights, shapes, strict=True):
        assert_shape(weight, shape, what=f"{name} after training")
    ids = torch.tensor(data["ids"])
    with torch.no_grad():
        inputs = torch.nn.functional.one_hot(ids[:-1, None], data["v"]).float()
        outputs, _ = torch_rnn(inputs, torch.zeros(1, 64), *weights)
        loss = float(torch.nn.functional.cross_entropy(outputs, ids[1:]))
    return math.exp(min(50.0 if math.isnan(loss) else loss, 50.0))


def zen_goal(own):
    return goal(
        "the perplexity of the network on the Zen of Python", below=2.5, margin=0.4, within="50 epochs", recipe=learn_zen, reached=zen_perplexity,
        data=lambda: {"ids": reference.ZEN_IDS, "v": len(reference.LETTERS), "own": own},
        wrong={"never clears the gradients": 3.0, "meets the right letters in another order than the outputs": 19.0},
    )  # fmt: skip


own_zen, library_zen = zen_goal(True), zen_goal(False)


@exercise("train_epoch", parts=[reference.rnn])
class TestTrainEpoch:
    def epoch(self, student, given, use_random_iter, follows=False, once=False):
        seen = student.run(trained, use_random_iter=use_random_iter, once=once, **dict(zip(("batches", "W", "c", "lr", "theta"), given, strict=True)))
        for (*_, shape, dtype), (X, _) in zip(seen["seen"], given[0], strict=False):
            right = shape == list(X.shape) and dtype == "torch.int64"
            expect(right, f"net was called with a tensor {tuple(shape)} of {dtype[6:]}; expected is X as it comes, {tuple(X.shape)} of int64", "wrong shape")
        expect(bool(seen["seen"]), "the net is never called", follows=follows)
        return seen

    def compare(self, student, draw, sizes, what, theta=NO_CLIPPING, follows=False):
        for size, use_random_iter in zip(sizes, itertools.cycle((False, True))):
            batches, W, c = some_batches(draw, *size)
            given = (batches, W, c, 0.7, theta)
            step.compare([(given, tuple(self.epoch(student, given, use_random_iter)["after"]))], [what], follows=follows)

    @criterion(
        "a step goes against the gradient of the mean loss over the tokens of a batch", weight=3, hint="cross_entropy(outputs, Y.T.reshape(-1)), with its mean"
    )
    def test_step(self, student, draw):
        self.compare(student, draw, [(5, 3, (4,)), (7, 1, (6,)), (4, 2, (3,)), (3, 2, (2,))], "after one batch train_epoch")

    @criterion("clears the old gradient before each backward pass", hint="optimizer.zero_grad() for every batch")
    def test_clears(self, student, draw):
        self.compare(student, draw, [(5, 3, (4, 2, 3)), (4, 2, (3, 3))], "after several batches train_epoch", follows=False)

    @criterion(
        "clips the gradients of all parameters together to theta, between backward and step", weight=2, hint="grad_clipping(list(net.parameters()), theta)"
    )
    def test_clips(self, student, draw):
        for theta in (0.1, 0.03):
            self.compare(student, draw, [(5, 3, (4,)), (6, 2, (3,))], f"after a batch with theta={theta} train_epoch", theta)
        self.compare(student, draw, [(5, 3, (4,))] * 2, "after a batch with theta=50 train_epoch", 50.0, follows=False)

    def states(self, student, draw, use_random_iter):
        for lengths, as_tuple in (((3, 3, 2), True), ((2, 4), False), ((3,), True)):
            batches, W, _ = some_batches(draw, 5, 2, lengths)
            seen = student.run(trained_with_state, batches=batches, W=W, start=draw.normal(2, 3), use_random_iter=use_random_iter, as_tuple=as_tuple)
            expect(len(seen["came"]) == len(lengths), f"the net was called {len(seen['came'])} times for {len(lengths)} batches", follows=True)
            right = all(len(state) == 1 + as_tuple for state in seen["came"])
            expect(right, "the net is called with a state of another form than begin_state(n) gives", "wrong type")
            yield seen, lengths

    @criterion(
        "sequential: the state goes on from batch to batch, detached",
        weight=2,
        hint="begin_state before the first batch; later s.detach(), for each tensor of it",
    )
    def test_sequential(self, student, draw):
        for seen, _ in self.states(student, draw, False):
            expect(seen["begun"] == [2], f"begin_state was called {len(seen['begun'])} times in an epoch, expected once, with the number of rows")
            for i, (came, graph) in enumerate(zip(seen["came"], seen["graphs"], strict=True)):
                expect(not graph, "the state that a batch starts from is still part of a graph: detach it")
                due = seen["went"][i - 1] if i > 0 else came
                expect(alike(came, due), "a batch does not start from the state that the batch before has returned")

    @criterion("random: every batch has a fresh state", weight=2, hint="begin_state(n) for every batch where use_random_iter is True")
    def test_random(self, student, draw):
        for seen, lengths in self.states(student, draw, True):
            words = f"begin_state was called {len(seen['begun'])} times for {len(lengths)} batches that have nothing to do with one another"
            expect(len(seen["begun"]) == len(lengths), words)
            expect(not any(seen["graphs"]), "the state that a batch starts from is still part of a graph", follows=True)
            for came, before in zip(seen["came"][1:], seen["went"], strict=False):
                expect(not alike(came, before), "a batch starts from the state of the one before, with which it has nothing to do")

    @criterion("returns the perplexity of the epoch, each token counted once", weight=2, hint="add up loss · tokens, divide by all tokens, then exp")
    def test_perplexity(self, student, draw):
        for lengths, lr, once in (((4, 4, 1), 0.7, False), ((2, 5), 0.0, False), ((3, 1, 1, 6), 1.5, True), ((4,), 0.7, False)):
            batches, W, c = some_batches(draw, 6, 2, lengths)
            seen = self.epoch(student, (batches, W, c, lr, NO_CLIPPING), bool(lengths[0] % 2), once=once)
            expect(len(seen["seen"]) == len(lengths), f"the net was called {len(seen['seen'])} times for {len(lengths)} batches", follows=True)
            # With the parameters that each batch has met: whether they are right is for other criteria.
            losses = [token_losses(W, c, *batch) for (W, c, *_), batch in zip(seen["seen"], batches, strict=True)]
            after = [token_losses(*seen["after"], *batch) for batch in batches]
            means, everything = [float(loss.mean()) for loss in losses], torch.cat(losses)
            wrong = {
                "the mean loss is returned; its exponential is the perplexity": float(everything.mean()),
                "the means of the batches are averaged: a short batch counts as much as a long one": math.exp(sum(means) / len(means)),
                "the perplexities of the batches are averaged; the exponential comes last": sum(map(math.exp, means)) / len(means),
                "only the last batch counts": math.exp(means[-1]), "the sum of all losses is returned": float(everything.sum()),
                "the losses are measured after the epoch": math.exp(float(torch.cat(after).mean())),
                "2 is raised to the mean loss; it is e": 2 ** float(everything.mean()),
                "the perplexities of the batches are weighed by their tokens; the exponential comes last":
                    sum(math.exp(m) * len(loss) for m, loss in zip(means, losses, strict=True)) / len(everything),
            }  # fmt: skip
            found, right = seen["returned"], math.exp(float(everything.mean()))
            number = isinstance(found, int | float) or (isinstance(found, torch.Tensor) and found.numel() == 1)
            expect(number, "train_epoch should return a number, the perplexity", "wrong type")
            if not alike(float(found), right):
                words = next((words for words, other in wrong.items() if alike(float(found), other) and not alike(other, right)), "")
                what = f"the perplexity of batches of {', '.join(map(str, lengths))} steps"
                raise Finding(
                    f"{what} is what comes out when {words}" if words else f"{what} is {float(found):.4g}, which is not right", follows=True, named=words
                )

    @criterion("leaves autograd and the default dtype as they were", hint="with torch.no_grad(): holds for its own lines only")
    def test_program(self, student, draw):
        batches, W, c = some_batches(draw, 4, 2, (3, 2))
        for use_random_iter in (False, True):
            assert_left_alone(self.epoch(student, (batches, W, c, 0.1, 1.0), use_random_iter)["program"], "train_epoch")

    test_zen = own_zen.is_reached("learns the Zen of Python with your own rnn: perplexity below 2.5", 2, "do the criteria above pass?", timeout_s=40)
    test_library = library_zen.is_reached("learns the Zen of Python with nn.RNN: perplexity below 2.5", 2, "do the criteria above pass?", timeout_s=40)
