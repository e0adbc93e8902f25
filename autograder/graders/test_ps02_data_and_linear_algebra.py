"""Hidden grader of ps02_data_and_linear_algebra."""

import math

import torch

from autograder import Finding, assert_close, assert_finite, assert_shape, assert_unchanged, case, criterion, exercise, expect
from autograder.vocabulary.promise import called_in_turn
from autograder.vocabulary.tables import TableCase
from solutions.ps02_data_and_linear_algebra import data_and_linear_algebra as reference

NAN = math.nan
STREETS = ("North", "South", "Mill Lane", "West")

# Tables ----------------------------------------------------------------------------------------------------------------


def labels(draw, n, low=0):
    """Index labels that are neither in order nor their own places."""
    return [low + 3 * place + 1 for place in draw.permutation(n).tolist()]


def numbers(draw, n, holes=0, low=20, high=150):
    """Halves, `holes` of them missing."""
    return with_holes(draw, [value / 2 for value in draw.integers(2 * low, 2 * high, n).tolist()], holes)


def words(draw, n, holes=0, classes=STREETS):
    return with_holes(draw, [classes[i] for i in draw.integers(0, len(classes), n).tolist()], holes)


def with_holes(draw, values, holes):
    for place in draw.permutation(len(values))[:holes].tolist():
        values[place] = NAN
    return values


def table(columns, index):
    return {"table": columns, "index": index}


def is_number(name):
    return name[0].isupper()


def is_word(name):
    return name[0].islower()


# From a file to a table --------------------------------------------------------------------------------------------------


def csv(draw, rows, inputs, unlabelled=0, holes=0, marks=("", "NA", "?"), label="Price"):
    """CSV text of number columns and, last of the inputs, one of words; `holes` cells of each are missing in one of several ways."""
    n = rows
    columns = [numbers(draw, n) for _ in range(inputs - 1)] + [words(draw, n, classes=("North", "South", "why?", "no"))]
    if inputs == 1:
        columns = [numbers(draw, n)]
    for number, column in enumerate(columns):
        for turn, place in enumerate(draw.permutation(n)[:holes].tolist()):
            column[place] = marks[(number + turn) % len(marks)]
    price = numbers(draw, n)
    for turn, place in enumerate(draw.permutation(n)[:unlabelled].tolist()):
        price[place] = marks[turn % len(marks)]
    names = [f"Size{i}" for i in range(inputs - 1)] + ["street"] if inputs > 1 else ["Size"]
    lines = [",".join([*names, label]), *(",".join(map(str, row)) for row in zip(*columns, price, strict=True))]
    return {"csv": "\n".join(lines) + "\n"}


def read(text, **options):
    import pandas

    return pandas.read_csv(text, na_values=["?"], **options)


def halves(data):
    return data.iloc[:, :-1], data.iloc[:, -1]


load_table = TableCase(
    reference.load_table,
    lambda draw: {f"a file of {n} rows and {d + 1} columns": (csv(draw, n, d, unlabelled=1),) for n, d in [(5, 1), (8, 3), (6, 5)]},
    gives=("the table of inputs", "the labels"),
    slips={
        "the columns are taken by fixed numbers: the first two, and the third": lambda file: by_number(read(file)),
        "rows without a label are kept": lambda file: halves(read(file)),
        "every row with a hole anywhere is dropped; only a missing label counts": lambda file: halves(read(file).dropna()),
        "the first column is taken for the label": lambda file: (lambda data: (data.iloc[:, 1:], data.iloc[:, 0]))(read(file)),
    },
)


def by_number(data):
    data = data[data.iloc[:, -1].notna()]
    return data.iloc[:, 0:2], data.iloc[:, 2]


@exercise("load_table")
class TestLoadTable:
    test_columns = load_table.equals(
        "the last column is the label, all others are inputs, however many there are", weight=3, hint=".iloc[:, :-1] and .iloc[:, -1] count from the end",
        arguments=lambda draw: {f"a file of {n} rows and {d + 1} columns": (csv(draw, n, d),) for n, d in [(6, 3), (5, 2), (7, 6), (1, 4)]},
    )  # fmt: skip
    test_rows = load_table.equals(
        "a row without a label is dropped, one that misses an input is not", weight=3, hint="ask .notna() of the last column alone", follows=True,
        arguments=lambda draw: {
            f"a file of {n} rows, {u} without a label,": (csv(draw, n, d, unlabelled=u, holes=2, marks=("", "NA")),)
            for n, d, u in [(9, 3, 2), (6, 1, 1), (12, 4, 3)]
        },
    )  # fmt: skip
    test_index = load_table.equals("both indices count 0, 1, 2, … anew", hint="reset_index(drop=True)", index=True, follows=True)
    test_marks = load_table.equals(
        '"?" counts as missing in any column, and numbers beside it stay numbers', weight=3, hint='pd.read_csv(file, na_values=["?"])', follows=True,
        arguments=lambda draw: {
            "a file with a ? among its inputs": (csv(draw, 7, 3, holes=1, marks=("?",)),),
            "a file with a ? in every column": (csv(draw, 9, 4, unlabelled=2, holes=2, marks=("?", "")),),
        },
    )  # fmt: skip
    test_again = load_table.asked_again()


def holed(draw, n, counts):
    """A table with so many missing values in each column."""
    made = {name: (numbers if is_number(name) else words)(draw, n, holes) for name, holes in counts.items()}
    return table(made, labels(draw, n))


def full_of_holes(draw):
    cases = [
        (7, {"Area": 1, "lift": 4, "Rooms": 2, "street": 1}, 0.5),
        (9, {"Area": 0, "Rooms": 4, "street": 2}, 0.3),
        (10, {"Area": 8, "Floor": 6, "Year": 0}, 0.7),
    ]
    return {f"drop_missing(data, {share}) of {n} rows": (holed(draw, n, counts), share) for n, counts, share in cases}


def without(data, columns):
    return data.loc[:, ~columns]


drop_missing = TableCase(
    reference.drop_missing, full_of_holes,
    slips={
        "the rows are dropped before the columns, which then miss nothing": lambda data, share: data.dropna(),
        "columns are dropped at a share equal to max_share as well": lambda data, share: without(data, data.isna().mean() >= share).dropna(),
        "the number of values that a column must have is rounded down": lambda data, share: data.dropna(axis=1, thresh=int((1 - share) * len(data))).dropna(),
        "only the columns are dropped": lambda data, share: without(data, data.isna().mean() > share),
        "every column with a hole is dropped": lambda data, share: data.dropna(axis=1),
        "columns are kept where they miss too much, and dropped where they do not": lambda data, share: without(data, data.isna().mean() <= share).dropna(),
        "max_share is taken for the share that must be present": lambda data, share: without(data, data.isna().mean() > 1 - share).dropna(),
    },
)  # fmt: skip


def at_the_limit(draw):
    return {
        "drop_missing(data, 0.5), where one column misses exactly half,": (holed(draw, 8, {"Area": 4, "Rooms": 5, "street": 1}), 0.5),
        "drop_missing(data, 0.25), where one column misses exactly a quarter,": (holed(draw, 8, {"Area": 1, "street": 2, "Rooms": 3}), 0.25),
    }


def nothing_left(draw):
    empty = table({"Area": [40.0], "street": ["North"]}, [5]) | {"rows": 0}
    return {
        "drop_missing(data, 0.5) of a table without rows": (empty, 0.5),
        "drop_missing(data, 1), where one column is all missing,": (holed(draw, 4, {"Area": 1, "Rooms": 4}), 1),
        "drop_missing(data, 0)": (holed(draw, 6, {"Area": 1, "Rooms": 0, "Year": 2, "Floor": 0}), 0),
    }


@exercise("drop_missing")
class TestDropMissing:
    test_values = drop_missing.equals("drops the columns that miss too much, then the rows that miss anything", weight=4, hint="columns first, then .dropna()")
    test_limit = drop_missing.equals(
        "a column whose share is exactly max_share stays", weight=2, hint="larger than max_share, not equal", arguments=at_the_limit, follows=True
    )
    test_extremes = drop_missing.equals(
        "takes max_share 0 and 1, and a table without rows", hint="comparisons with NaN, the mean of nothing, are false", arguments=nothing_left, follows=True
    )
    test_index = drop_missing.equals("the rows that stay keep their index labels", hint="no reset_index here", index=True, follows=True)
    test_tables = drop_missing.leaves_tables(beside=lambda draw: {"drop_missing where nothing is missing": (holed(draw, 3, {"Area": 0, "street": 0}), 0.5)})
    test_again = drop_missing.asked_again()


def gaps(draw):
    cases = [(7, {"Area": 2, "street": 1, "Rooms": 3, "heating": 2}), (4, {"Year": 1, "street": 0}), (9, {"heating": 3, "Area": 0, "Floor": 4})]
    return {f"fill_missing of {n} rows": (holed(draw, n, counts),) for n, counts in cases}


def fill_numbers(inputs, value):
    """The table with one value, or one for each column, in the holes of its number columns."""
    filled = inputs.copy()
    for name in inputs.select_dtypes("number").columns:
        filled[name] = inputs[name].fillna(value(inputs[name]) if callable(value) else value)
    return filled


def mean_of_all(inputs):
    return fill_numbers(inputs, float(inputs.select_dtypes("number").stack().mean()))


fill_missing = TableCase(
    reference.fill_missing, gaps,
    slips={
        "nothing is filled: was the result of fillna dropped?": lambda inputs: inputs,
        "the mean of the whole table is taken; each column has its own": mean_of_all,
        "every hole becomes 0": lambda inputs: fill_numbers(inputs, 0),
        "the median is taken; it should be the mean": lambda inputs: fill_numbers(inputs, lambda column: column.median()),
        "the missing values count as zeros in the mean": lambda inputs: fill_numbers(inputs, lambda column: column.fillna(0).mean()),
        "the mean of each row is taken; it should be that of the column": lambda inputs: rows_filled(inputs),
    },
)  # fmt: skip


def rows_filled(inputs):
    mine = inputs.copy()
    numbers = inputs.select_dtypes("number").columns
    mine[numbers] = inputs[numbers].T.fillna(inputs[numbers].mean(axis=1)).T
    return mine


def without_any(draw):
    nothing = holed(draw, 5, {"Area": 5, "street": 2, "Rooms": 1})
    one = table({"Area": [NAN], "Year": [1999.0], "street": [NAN]}, [7])
    one["table"]["street"] = ["North"]
    return {"fill_missing where a column has no value": (nothing,), "fill_missing of one row": (one,)}


def beside_numbers(draw):
    columns = holed(draw, 6, {"street": 2, "Area": 2, "heating": 1, "Year": 6})["table"] | {"lift": [value > 80 for value in numbers(draw, 6)]}
    return {"fill_missing of words, true and false, beside numbers": (table(columns, labels(draw, 6)),)}


@exercise("fill_missing")
class TestFillMissing:
    test_values = fill_missing.equals(
        "a hole among numbers gets the mean of its own column", weight=4, hint="inputs.mean(numeric_only=True), and return what fillna gives", only=is_number
    )
    test_words = fill_missing.equals(
        "words stay as they are, and so do their holes", weight=2, hint="fillna with the means touches only the columns that have one",
        arguments=beside_numbers, only=is_word,
    )  # fmt: skip
    test_empty = fill_missing.equals(
        "a number column without any value becomes 0", weight=2, hint="its mean is missing too: fill the means with 0", arguments=without_any, only=is_number,
        follows=True,
    )  # fmt: skip
    test_index = fill_missing.equals("columns and index are those of the table", index=True, follows=True)
    test_tables = fill_missing.leaves_tables(beside=lambda draw: {"fill_missing where nothing is missing": (holed(draw, 3, {"Area": 0, "Rooms": 0}),)})
    test_again = fill_missing.asked_again()


# Words become numbers, numbers become comparable ---------------------------------------------------------------------------


def pair(draw, n, m, train, test=None, overlap=False):
    """Two tables with the same columns; their index labels differ unless they overlap."""
    first, second = holed(draw, n, train), holed(draw, m, test or train)
    if not overlap:
        second["index"] = labels(draw, m, low=1000)
    return first, second


def classes_apart(draw, n=7, m=5):
    """Each table has a class that the other lacks."""
    train, test = pair(draw, n, m, {"Area": 1, "street": 0, "Year": 0, "heating": 0})
    train["table"]["street"] = words(draw, n, classes=("North", "South"))
    test["table"]["street"] = words(draw, m, classes=("South", "West"))
    train["table"]["street"][0], test["table"]["street"][-1] = "North", "West"
    train["table"]["heating"], test["table"]["heating"] = words(draw, n, classes=("gas", "coal")), words(draw, m, classes=("gas", "oil"))
    test["table"]["heating"][0] = "oil"
    return train, test


def holes_in_words(draw):
    some = pair(draw, 8, 6, {"street": 2, "Area": 1, "heating": 0}, {"street": 0, "Area": 0, "heating": 2})
    none = pair(draw, 5, 4, {"Area": 0, "street": 0})
    return {"train and test with holes among their words": some, "train and test without holes": none}


def missing_throughout(draw):
    train, test = classes_apart(draw)
    again = classes_apart(draw)
    test["table"]["heating"] = [NAN] * 5
    again[0]["table"]["street"] = [NAN] * 7
    return {"a test table in which heating is missing throughout": (train, test), "a train table in which street is missing throughout": again}


def dummies(*tables, **options):
    import pandas

    return [pandas.get_dummies(one, dummy_na=True, **options) for one in tables]


def stacked(train, test, **options):
    import pandas

    both = pandas.get_dummies(pandas.concat([train, test]), **options)
    return both.iloc[: len(train)], both.iloc[len(train) :]


encode = TableCase(
    reference.encode_categories,
    lambda draw: {f"train and test of {n} and {m} rows": classes_apart(draw, n, m) for n, m in [(7, 5), (4, 6), (5, 1)]},
    gives=("the first table", "the second table"),
    ordered=False,
    slips={
        "each table is encoded by itself": lambda train, test: dummies(train, test),
        "missing words get no class of their own": lambda train, test: stacked(train, test),
        "classes that only the second table has are lost": lambda train, test: (
            lambda first, second: (first, second.reindex(columns=first.columns, fill_value=0))
        )(*dummies(train, test)),
        "the first class of each column is left out": lambda train, test: stacked(train, test, dummy_na=True, drop_first=True),
        "the two tables have changed places": lambda train, test: stacked(train, test, dummy_na=True)[::-1],
    },
)


def is_class(name):
    return "_" in name and not name.endswith("_nan")


@exercise("encode_categories")
class TestEncodeCategories:
    test_classes = encode.equals(
        "both tables have a column of ones and zeros for each class of either",
        weight=4,
        hint="stack the tables with pd.concat before you encode",
        only=is_class,
    )
    test_missing = encode.equals(
        "a missing word is a class of its own, in every column of words", weight=3, hint="dummy_na=True", arguments=holes_in_words,
        only=lambda name: name.endswith("_nan"), follows=True,
    )  # fmt: skip
    test_throughout = encode.equals(
        "a column that one table misses throughout is encoded as in the other", weight=2, arguments=missing_throughout, follows=True,
        hint="stacked on the other table, it is a column of words again",
    )  # fmt: skip
    test_numbers = encode.equals(
        "numbers stay as they are, and so do their holes", hint="fill nothing here", arguments=holes_in_words, only=lambda name: "_" not in name
    )
    test_index = encode.equals(
        "each row stays in its own table, under its own index label", weight=2, hint="cut by position, with .iloc: both tables may have a row 4",
        arguments=lambda draw: {"train and test with the same index labels": pair(draw, 7, 5, {"Area": 1, "street": 1}, overlap=True)},
        index=True, follows=True,
    )  # fmt: skip
    test_tables = encode.leaves_tables()
    test_again = encode.asked_again()

    @criterion("both results have their columns in the same order", hint="encode both at once, or take test[train.columns]")
    def test_order(self, student, draw):
        drawn = {"train and test": classes_apart(draw)}
        (seen,) = encode.ask(student, list(drawn.values()))
        parts = seen["result"] if isinstance(seen["result"], list) else []
        orders = [[column[0] for column in part["table"]] for part in parts if isinstance(part, dict) and "table" in part]
        if len(orders) == 2:
            expect(sorted(orders[0]) != sorted(orders[1]) or orders[0] == orders[1], "the two tables have the same columns, but in two orders")
            if orders[0] != orders[1]:
                raise Finding("the two tables do not have the same columns", follows=True)
        encode.compare(drawn, [seen["result"]], follows=True)


def scale(tables, mean_and_std):
    results = []
    for one in tables:
        columns = tables[0].select_dtypes("number").columns
        mean, std = mean_and_std(one[columns])
        mine = one.copy()
        mine[columns] = ((one[columns] - mean) / std.replace(0, NAN)).fillna(0)
        results.append(mine)
    return results


def by_train(train, test, ddof=0):
    numbers = train[train.select_dtypes("number").columns]
    return scale((train, test), lambda _: (numbers.mean(), numbers.std(ddof=ddof)))


def by_both(train, test):
    import pandas

    columns = train.select_dtypes("number").columns
    both = pandas.concat([train[columns], test[columns]])
    return scale((train, test), lambda _: (both.mean(), both.std(ddof=0)))


def scaled_only(train, test, mean=True):
    numbers = train[train.select_dtypes("number").columns]
    zero, one = numbers.mean() * 0, numbers.std(ddof=0) * 0 + 1
    return scale((train, test), lambda _: (numbers.mean(), one) if mean else (zero, numbers.std(ddof=0)))


standardize = TableCase(
    reference.standardize_features,
    lambda draw: {f"tables of {n} and {m} rows": pair(draw, n, m, {"Area": 0, "street": 1, "Year": 0}) for n, m in [(6, 4), (9, 5), (4, 1)]},
    gives=("train", "test"),
    slips={
        "test is standardized by its own mean and deviation; those of train are asked for": lambda train, test: scale(
            (train, test), lambda numbers: (numbers.mean(), numbers.std(ddof=0))
        ),
        "mean and deviation are those of both tables together; those of train are asked for": by_both,
        "the variance divides by n - 1; it should be n": lambda train, test: by_train(train, test, ddof=1),
        "the holes are filled before mean and deviation are taken": (
            lambda train, test: by_train(fill_numbers(train, 0), fill_numbers(test, 0)),
            lambda train, test: by_train(*(reference.fill_missing(one).fillna(train.mean(numeric_only=True)) for one in (train, test))),
            lambda train, test: by_train(*(one.fillna(train.mean(numeric_only=True).fillna(0)) for one in (train, test))),
        ),
        "the mean is not subtracted": lambda train, test: scaled_only(train, test, mean=False),
        "nothing is divided by the deviation": scaled_only,
        "the variance is divided by, not its root": lambda train, test: (lambda numbers: scale((train, test), lambda _: (numbers.mean(), numbers.var(ddof=0))))(
            train[train.select_dtypes("number").columns]
        ),
        "test is left as it was": lambda train, test: (by_train(train, test)[0], test),
        "a deviation of exactly 0 is looked for, and rounding makes another one": by_train,
    },
)


def with_gaps(draw):
    cases = [(8, 6, {"Area": 2, "Rooms": 0, "Year": 3}, {"Area": 1, "Rooms": 2, "Year": 0}), (5, 3, {"Area": 1, "street": 2}, {"Area": 3, "street": 0})]
    return {f"tables of {n} and {m} rows with holes": pair(draw, n, m, train, test) for n, m, train, test in cases}


def without_spread(draw):
    train, test = pair(draw, 6, 5, {"Area": 0, "Rooms": 0, "Year": 6, "Floor": 2}, {"Area": 0, "Rooms": 1, "Year": 2, "Floor": 1})
    train["table"]["Rooms"] = [3.5] * 6
    train["table"]["Floor"] = [NAN, 7.0, 7.0, NAN, 7.0, 7.0]
    whole = pair(draw, 1, 3, {"Area": 0, "Year": 0})
    whole[0]["table"]["Floor"], whole[1]["table"]["Floor"] = [4], [5, 4, 6]
    return {"tables where train has constant columns, and one without a value,": (train, test), "tables where train has one row": whole}


def rounded_away(draw):
    """Constants whose deviation is not 0 in floating point."""
    train, test = pair(draw, 6, 5, {"Area": 0, "Rooms": 0, "Floor": 2}, {"Area": 0, "Rooms": 1, "Floor": 0})
    train["table"]["Rooms"] = [0.1] * 6
    train["table"]["Floor"] = [3.3, NAN, 3.3, 3.3, NAN, 3.3]
    return {"tables where a column of train holds 0.1 everywhere, another one 3.3 and holes,": (train, test)}


def of_all_kinds(draw):
    train, test = pair(draw, 6, 4, {"street": 2, "Area": 0, "heating": 1})
    for one, n in ((train, 6), (test, 4)):
        one["table"]["lift"] = [value > 80 for value in numbers(draw, n)]
        one["table"]["garden"] = [True] * n
        one["table"]["Rooms"] = draw.integers(1, 7, n).tolist()
        one["table"]["Rooms"][:2] = [1, 5]
    return {"tables of numbers, words, true and false": (train, test)}


@exercise("standardize_features")
class TestStandardizeFeatures:
    test_train = standardize.equals(
        "each number column of train has mean 0 and population variance 1", weight=3, hint="std(ddof=0) divides by n", parts=(0,), only=is_number
    )
    test_test = standardize.equals(
        "test is standardized by the mean and deviation of train", weight=4, hint="nothing may be learned from test", parts=(1,), only=is_number
    )
    test_missing = standardize.equals(
        "statistics are those of what is present; afterwards what is missing becomes 0", weight=3, hint="(x - mean) / std first, fillna(0) last",
        arguments=with_gaps, only=is_number,
    )  # fmt: skip
    test_constant = standardize.equals(
        "a column that is constant in train, or has no value there, becomes 0 in both tables", weight=3, arguments=without_spread, only=is_number,
        hint="where all values are the same, make the deviation a hole, and holes become 0", follows=True,
    )  # fmt: skip
    test_rounded = standardize.equals(
        "so does one whose deviation is not exactly 0, by rounding", arguments=rounded_away, only=is_number, follows=True,
        hint="0.1 + 0.1 + 0.1 is not 0.3; columns with max() == min() are constant, whatever std() says",
    )  # fmt: skip
    test_others = standardize.equals(
        "words, true and false stay as they are", weight=2, hint='train.select_dtypes("number") leaves them out', arguments=of_all_kinds, only=is_word
    )
    test_whole_numbers = standardize.equals(
        "whole numbers are standardized too; columns and index are those of the tables", arguments=of_all_kinds, index=True, follows=True
    )
    test_tables = standardize.leaves_tables()
    test_again = standardize.asked_again()


# To tensors, and back ------------------------------------------------------------------------------------------------------


def clean(draw, n, columns):
    """A table of numbers, whole numbers, true and false, without holes; and its labels."""
    kinds = {"float": lambda: numbers(draw, n), "int": lambda: draw.integers(-9, 90, n).tolist(), "bool": lambda: [value > 80 for value in numbers(draw, n)]}
    inputs = table({f"{kind}{i}": kinds[kind]() for i, kind in enumerate(columns)}, labels(draw, n))
    return inputs, {"series": numbers(draw, n), "index": inputs["index"], "name": "Price"}


to_tensors = TableCase(
    reference.to_tensors,
    lambda draw: {
        f"{n} rows and {len(columns)} columns": (*clean(draw, n, columns), torch.float32)
        for n, columns in [(5, ("float", "bool", "int")), (7, ("bool", "float")), (4, ("int", "float", "float", "bool")), (3, ("float", "float"))]
    },
    gives=("X", "y"),
    slips={
        "rows and columns have changed places": lambda inputs, outputs, dtype: (reference.to_tensors(inputs, outputs, dtype)[0].T, outputs_of(outputs, dtype)),
        "the index labels stand in a column of their own": lambda inputs, outputs, dtype: reference.to_tensors(inputs.reset_index(), outputs, dtype),
        "y has a dimension too many: shape (n, 1)": lambda inputs, outputs, dtype: (lambda X, y: (X, y[:, None]))(
            *reference.to_tensors(inputs, outputs, dtype)
        ),
        "the columns of true and false are lost": lambda inputs, outputs, dtype: reference.to_tensors(inputs.select_dtypes("number"), outputs, dtype),
        "the numbers are rounded down to whole ones": lambda inputs, outputs, dtype: (lambda X, y: (X.long().to(dtype), y.long().to(dtype)))(
            *reference.to_tensors(inputs, outputs, dtype)
        ),
    },
)


def outputs_of(outputs, dtype):
    return torch.tensor(outputs.to_numpy(dtype=float), dtype=dtype)


def shares_of_memory(student, columns, prices):
    """The table and the labels after X and y have been written into, for tables whose numbers lie in one block or in several."""
    import pandas
    import torch

    found = []
    for names in (list(columns), list(columns)[:1]):
        inputs, outputs = pandas.DataFrame({name: columns[name] for name in names}), pandas.Series(prices)
        if len(names) > 1:
            inputs = pandas.DataFrame(inputs.to_numpy(dtype="float64", copy=True), columns=names)
        X, y = student.to_tensors(inputs, outputs, torch.float64)
        with torch.no_grad():
            X.fill_(-1)
            y.fill_(-1)
        found.append([inputs.to_numpy(dtype="float64").tolist(), outputs.tolist()])
    return found


@exercise("to_tensors")
class TestToTensors:
    test_values = to_tensors.equals(
        "X holds the table, row by row, and y its labels", weight=4, hint="inputs.to_numpy(dtype=float) turns true and false into 1 and 0"
    )
    test_dtype = to_tensors.equals(
        "the numbers have the dtype that is asked for, float64 to its last digits", weight=2, hint="torch.tensor(…, dtype=dtype)", follows=True,
        arguments=lambda draw: {
            f"4 rows in {str(dtype)[6:]}": (table({"Area": draw.float64.normal(4).tolist(), "Year": draw.float64.normal(4).tolist()}, labels(draw, 4)),
                                            {"series": draw.float64.normal(4).tolist(), "index": labels(draw, 4), "name": None}, dtype)
            for dtype in (torch.float64, torch.float32, torch.float16)
        },
    )  # fmt: skip
    test_sizes = to_tensors.equals(
        "one column, one row and no row keep two dimensions in X and one in y", weight=2, hint="no squeeze", follows=True,
        arguments=lambda draw: {
            "5 rows and one column": (*clean(draw, 5, ("float",)), torch.float32),
            "1 row and one column": (*clean(draw, 1, ("int",)), torch.float32),
            "1 row and 3 columns": (*clean(draw, 1, ("float", "bool", "int")), torch.float32),
            "no row and 2 columns": (
                table({"Area": [1.5], "lift": [True]}, [4]) | {"rows": 0}, {"series": [9.5], "index": [4], "name": "Price", "rows": 0}, torch.float32,
            ),
        },
    )  # fmt: skip
    test_tables = to_tensors.leaves_tables()
    test_again = to_tensors.asked_again()

    @criterion("the dtype is float32 where none is named", weight=2, hint="the default stands in the skeleton: dtype=torch.float32", hint_for=("wrong type",))
    def test_default(self, student, draw):
        drawn = {"4 rows and 2 columns": clean(draw, 4, ("float", "int"))}
        (seen,) = to_tensors.ask(student, list(drawn.values()))
        to_tensors.compare(drawn, [seen["result"]], follows=True)

    @criterion("X and y own their memory", weight=3, hint="torch.tensor copies; torch.from_numpy and torch.as_tensor share where they can")
    def test_memory(self, student, draw):
        columns, prices = {"Area": numbers(draw, 5), "Year": numbers(draw, 5)}, numbers(draw, 5)
        found = student.run(shares_of_memory, columns=columns, prices=prices)
        for names, (inputs, outputs) in zip((["Area", "Year"], ["Area"]), found, strict=True):
            rows = [list(row) for row in zip(*(columns[name] for name in names), strict=True)]
            expect(inputs == rows, "who writes into X writes into the table of inputs, too")
            expect(outputs == prices, "who writes into y writes into the labels of the table, too")


def ids_of(draw, n, name="Id"):
    return {"series": (1000 + 7 * draw.permutation(n)).tolist(), "index": labels(draw, n), "name": name}


def with_predictions(draw, n, index=None, name="Id", shape=None, **options):
    predictions = draw.normal(*(shape or (n,)), scale=40.0, mean=200.0)
    return ids_of(draw, n, name) | ({"index": index} if index else {}), predictions


def tabled(ids, prices):
    import pandas

    return pandas.DataFrame({"Id": ids, "SalePrice": prices})


def plain(predictions):
    return predictions.detach().reshape(-1).numpy()


submission = TableCase(
    reference.submission_table,
    lambda draw: {f"{n} ids and predictions": with_predictions(draw, n, index=list(range(n))) for n in (5, 1, 8)},
    slips={
        "ids and predictions are matched by index label; they belong side by side": lambda ids, predictions: by_label(ids, predictions),
        "the rows are sorted by id": lambda ids, predictions: reference.submission_table(ids, predictions).sort_values("Id").reset_index(drop=True),
        "the index labels stand where the ids should": lambda ids, predictions: tabled(ids.index, plain(predictions)),
        "the prices are rounded to whole numbers": lambda ids, predictions: tabled(ids.to_numpy(), plain(predictions).round()),
        "the predictions stand in the wrong order": lambda ids, predictions: tabled(ids.to_numpy(), plain(predictions)[::-1]),
    },
)


def by_label(ids, predictions):
    import pandas

    return pandas.concat([ids.rename("Id"), pandas.Series(plain(predictions), name="SalePrice")], axis=1)


def from_elsewhere(student, ids, predictions):
    """The table's prices where the predictions say that they lie on a GPU: NumPy cannot have them before .cpu(), .to("cpu") or .tolist()."""
    import pandas
    import torch

    class Elsewhere(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function, types, args=(), kwargs=None):
            name = getattr(function, "__name__", "")
            if name in ("numpy", "__array__") and not (kwargs or {}).get("force"):
                raise TypeError("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.")
            result = super().__torch_function__(function, types, args, kwargs or {})
            to_host = name == "cpu" or (name == "to" and "cpu" in [str(value) for value in (*args[1:], *(kwargs or {}).values())])
            return result.as_subclass(torch.Tensor) if to_host else result

        def __array__(self, *_args, **_kwargs):
            raise TypeError("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.")

    result = student.submission_table(pandas.Series(ids), predictions.as_subclass(Elsewhere))
    return [float(price) for price in result["SalePrice"]]


@exercise("submission_table")
class TestSubmissionTable:
    test_values = submission.equals(
        "Id and SalePrice stand side by side, in the order given, under a new index", weight=4, hint='pd.DataFrame({"Id": …, "SalePrice": …})', index=True
    )
    test_labels = submission.equals(
        "any index and any name of ids will do", weight=3, hint="ids.to_numpy() has no labels that could be matched", index=True,
        arguments=lambda draw: {
            "ids with labels in another order": with_predictions(draw, 6, index=[4, 0, 5, 2, 1, 3]),
            "ids with labels 3, 7, …": with_predictions(draw, 5, name="flat"),
            "ids with words for labels and without a name": with_predictions(draw, 3, index=["b", "a", "c"], name=None),
        },
    )  # fmt: skip
    test_shapes = submission.equals(
        "predictions of shape (n, 1), and such that carry a graph, are taken", weight=3, hint="predictions.detach().cpu().reshape(-1)", follows=True,
        arguments=lambda draw: {
            "predictions of shape (4, 1)": with_predictions(draw, 4, shape=(4, 1), index=[0, 1, 2, 3]),
            "predictions of shape (1, 1)": with_predictions(draw, 1, shape=(1, 1), index=[0]),
            "predictions that carry a graph": learned(*with_predictions(draw, 3, index=[0, 1, 2])),
            "predictions in float64": with_predictions(draw.float64, 4, index=[0, 1, 2, 3]),
            "predictions that are not contiguous": with_predictions(draw.other_order, 5, index=[0, 1, 2, 3, 4]),
        },
    )  # fmt: skip
    test_tables = submission.leaves_tables()
    test_again = submission.asked_again()

    @criterion("Id stays a column of whole numbers", hint="floats come in where a matched row is missing, or where both columns are one array")
    def test_whole_numbers(self, student, draw):
        drawn = {"5 ids and predictions": with_predictions(draw, 5, index=[0, 1, 2, 3, 4])}
        (seen,) = submission.ask(student, list(drawn.values()))
        kinds = {name: kind for name, kind, _ in seen["result"]["table"]} if isinstance(seen["result"], dict) and "table" in seen["result"] else {}
        expect(kinds.get("Id", "int") == "int", f"the column Id holds {'floats' if kinds.get('Id') == 'float' else 'something else than whole numbers'}")
        submission.compare(drawn, [seen["result"]], follows=True)

    @criterion("predictions may lie on another device", hint=".cpu() before .numpy()")
    def test_device(self, student, draw):
        ids, predictions = [104, 101, 109], draw.normal(3, scale=40.0, mean=200.0).cpu()
        found = student.run(from_elsewhere, ids=ids, predictions=predictions)
        assert_close(torch.tensor(found), predictions, what="the prices from predictions on another device", rtol=1e-4)


def learned(ids, predictions):
    return ids, predictions.requires_grad_()


# Sums along an axis --------------------------------------------------------------------------------------------------------

shares = case(
    reference.shares, lambda draw, n=5, d=4, axis=1: (draw.uniform(n, d, low=0.1, high=3.0), axis), [(1, 4, 1), (5, 3, 0), (7, 11, -1), (4, 1, 0)],
    slips={
        "the shares are taken along another axis": lambda A, axis: A / A.sum(1 - axis % 2, keepdim=True) if A.ndim == 2 and isinstance(axis, int) else None,
        "everything is divided by the sum of all entries": lambda A, axis: A / A.sum(),
        "the sums are given back; the shares are asked for": lambda A, axis: A.sum(axis, keepdim=True),
        "it is divided by the mean; it should be the sum": lambda A, axis: A / A.mean(axis, keepdim=True),
        "it is divided by the largest entry; it should be the sum": lambda A, axis: A / A.amax(axis, keepdim=True),
        "a softmax is taken; the shares are those of the entries themselves": lambda A, axis: torch.softmax(A, axis) if isinstance(axis, int) else None,
    },
)  # fmt: skip


def on_many_axes(draw):
    cases = [
        ((3, 4, 5), [0, 2]),
        ((2, 3, 4), (1, 2)),
        ((4, 2, 3), [-1, 0]),
        ((3, 4), [0, 1]),
        ((2, 3, 2, 4), (0, -2)),
        ((5,), 0),
        ((3, 1, 4), 2),
        ((2, 3, 4), 0),
    ]
    made = {f"shares(A, {axis}) of an A of shape {shape}": (draw.uniform(*shape, low=0.1, high=3.0), axis) for shape, axis in cases}
    return made | {"shares(A, [2]) of an A of shape (4, 3, 2)": (draw.uniform(4, 3, 2, low=0.1, high=3.0), [2])}


def with_zeros(draw):
    rows, slices = draw.uniform(4, 5, low=0.1), draw.uniform(3, 2, 4, low=0.1)
    rows[1], rows[0, 2], slices[:, 1] = 0, 0, 0
    return {"a row of zeros": (rows, 1), "a slice of zeros": (slices, (0, 2)), "nothing but zeros": (torch.zeros(2, 3, device=draw.device), 0)}


@exercise("shares")
class TestShares:
    test_values = shares.agrees("what is summed adds up to 1, along one axis", weight=3, hint="A.sum(dim=axis, keepdim=True)")
    test_axes = shares.agrees(
        "several axes at once, and axes counted from the end",
        weight=3,
        hint="sum takes a list of axes; keepdim=True keeps their places",
        arguments=on_many_axes,
    )
    test_zeros = shares.stays_finite("where a sum is 0, the shares are 0", with_zeros, weight=2, hint="replace a sum of 0 by 1 before you divide")
    test_small = shares.agrees(
        "small entries have exact shares", hint="nothing is added to the sums", follows=True, atol=0, rtol=1e-5,
        arguments=lambda draw: {
            "shares of entries near 1e-8": (1e-8 * draw.uniform(4, 3, low=0.5, high=2.0), 1),
            "shares where one row is near 1e-8": (draw.uniform(3, 4, low=0.5) * torch.tensor([[1.0], [1e-8], [50.0]], device=draw.device), -1),
        },
    )  # fmt: skip
    test_dtype = shares.keeps_dtype()
    test_at_once = shares.at_once("n", "d", title="no loop over rows or columns")
    test_gradients = shares.gradients(weight=2, title="gradients flow through", sizes=[(3, 4, 1), (3, 4, 0)])
    test_unchanged = shares.leaves_inputs(title="A is left as it was")
    test_again = shares.again(sizes=((), (6, 5, 0)))

    @criterion("the gradient is finite where a sum is 0", hint="mend the sum before you divide: a NaN in a branch that is not chosen spoils the gradient")
    def test_gradients_at_zeros(self, student, draw):
        for what, (A, axis) in with_zeros(draw).items():
            leaf = A.double().requires_grad_()
            result = student.shares(leaf, axis)
            shares.compare([((A.double(), axis), result.detach())], [f"shares of {what}"], follows=True)
            expect(result.requires_grad, "shares(A, axis) carries no graph: no gradient can flow back", "no gradient")
            result.backward(draw.float64.normal(*A.shape))
            assert_finite(leaf.grad, what=f"the gradient of A, with {what},")


def means(X, window):
    return X.unfold(0, window, 1).mean(-1)


moving_average = case(
    reference.moving_average, lambda draw, T=9, d=2, window=3: (draw.normal(T, d, scale=2.0, mean=1.0), window), [(1, 4, 1), (6, 3, 2), (11, 2, 5), (7, 5, 7)],
    rtol=1e-4, atol=1e-5,
    slips={
        "the first window is missing": lambda X, window: means(X, window)[1:],
        "the last window is missing": lambda X, window: means(X, window)[:-1],
        "the sums are not divided by the window": lambda X, window: means(X, window) * window,
        "the windows lie along the last dimension": lambda X, window: X.unfold(-1, window, 1).mean(-1) if X.shape[-1] >= window else None,
        "each row is the mean of all rows up to it": lambda X, window: X.cumsum(0) / torch.arange(1, len(X) + 1, device=X.device).to(X)[:, None],
        "a window holds one value more": lambda X, window: means(X, window + 1) if window < len(X) else None,
        "a window holds one value less": lambda X, window: means(X, window - 1) if window > 1 else None,
        "the first values are averaged over what there is so far": lambda X, window: padded_means(X, window),
    },
)  # fmt: skip


def padded_means(X, window):
    return torch.stack([X[max(0, t - window + 1) : t + 1].mean(0) for t in range(len(X))])


def series_of_all_shapes(draw):
    made = {f"moving_average(X, {w}) of an X of shape {shape}": (draw.normal(*shape), w) for shape, w in [((8,), 3), ((6, 2, 3), 4), ((5, 1), 1), ((3,), 3)]}
    return made | {"moving_average(X, 2) of an X that is not contiguous": (draw.other_order.normal(5, 4), 2)}


@exercise("moving_average")
class TestMovingAverage:
    test_values = moving_average.agrees("row t is the mean of the window that begins at t", weight=3, hint="(S[window:] - S[:-window]) / window, with S[0] = 0")
    test_shapes = moving_average.agrees("time runs along dim 0, whatever comes after it", weight=2, arguments=series_of_all_shapes, follows=True)
    test_at_once = moving_average.at_once(
        "T", "window", weight=3, title="no loop over time, nor over the window", hint="a cumulative sum, or unfold", T=40,
        grows={"T": ("a series of length {}", "the series"), "window": ("a window of {}", "the window")},
    )  # fmt: skip
    test_long = moving_average.agrees(
        "right to the last digits in a long series far from 0", weight=3, hint="float32 has no digits left in a sum of ten million: cumulate in float64",
        rtol=1e-5, atol=0, follows=True,
        arguments=lambda draw: {
            "moving_average(X, 5) of 10,000 values near 1000": (draw.uniform(10_000, low=999.0, high=1001.0), 5),
            "moving_average(X, 5) of two series of 5,000 values near 1000": (draw.uniform(5_000, 2, low=999.0, high=1001.0), 5),
        },
    )  # fmt: skip
    test_dtype = moving_average.keeps_dtype()
    test_gradients = moving_average.gradients(weight=2, title="gradients flow through", sizes=[(5, 2, 3), (4, 1, 1)])
    test_unchanged = moving_average.leaves_inputs(title="X is left as it was")
    test_again = moving_average.again(sizes=((), (7, 3, 4)))


# Products and lengths ------------------------------------------------------------------------------------------------------

PRODUCTS = [
    "matmul", "rmatmul", "mm", "mv", "dot", "inner", "vdot", "vecdot", "bmm", "addmm", "addmv", "baddbmm", "addbmm", "tensordot", "einsum", "linear",
    "bilinear", "chain_matmul", "multi_dot", "conv", "numpy",
]  # fmt: skip


def factors(draw, m=4, n=3, p=5, batch=2):
    return draw.normal(batch, m, n), draw.normal(batch, n, p)


def shaped(draw, *pairs):
    return {f"matmul of {shape} and {other}": (draw.normal(*shape), draw.normal(*other)) for shape, other in pairs}


def fitting(f):
    """f, where the shapes fit it."""

    def result(X, Y):
        try:
            return f(X, Y)
        except (IndexError, RuntimeError):
            return None

    return result


matmul = case(
    reference.matmul, factors, [(1, 3, 2, 1), (4, 3, 5, 2), (2, 6, 3, 4)], rtol=1e-4, atol=1e-5,
    slips={
        "the factors change places: Y times X": fitting(lambda X, Y: torch.matmul(Y, X)),
        "X is transposed": fitting(lambda X, Y: torch.matmul(X.mT, Y)),
        "Y is transposed": fitting(lambda X, Y: torch.matmul(X, Y.mT)),
        "dimensions of size 1 are lost on the way": fitting(lambda X, Y: torch.matmul(X, Y).squeeze()),
        "a dimension of size 1 is left over": fitting(lambda X, Y: torch.matmul(X[None] if X.ndim == 1 else X, Y[:, None] if Y.ndim == 1 else Y)),
        "entries are multiplied one by one, and not summed": fitting(torch.mul),
        "the products are not summed": fitting(lambda X, Y: X[..., :, :, None] * Y[..., None, :, :]),
        "the mean of the products is taken; it should be their sum": fitting(lambda X, Y: torch.matmul(X, Y) / X.shape[-1]),
    },
)  # fmt: skip


@exercise("matmul", forbid=PRODUCTS)
class TestMatmul:
    test_matrices = matmul.agrees(
        "matrix times matrix", weight=3, hint="(m, n, 1) times (1, n, p), summed over n",
        arguments=lambda draw: shaped(draw, ((2, 3), (3, 4)), ((5, 2), (2, 3)), ((3, 3), (3, 3)), ((1, 4), (4, 3)), ((3, 4), (4, 1)), ((1, 3), (3, 1))),
    )  # fmt: skip
    test_vectors = matmul.agrees(
        "vector times vector, matrix times vector, vector times matrix", weight=4, hint="make a matrix of each vector, and take the added dimension away again",
        arguments=lambda draw: shaped(
            draw, ((4,), (4,)), ((5, 3), (3,)), ((3,), (3, 4)), ((4, 4), (4,)), ((4,), (4, 4)), ((1, 3), (3,)), ((3,), (3, 1)), ((1,), (1,)),
        ),
    )  # fmt: skip
    test_batches = matmul.agrees(
        "batches, whose dimensions broadcast from the right", weight=4, hint="[..., :, :, None] leaves the batch dimensions in their places",
        arguments=lambda draw: shaped(
            draw, ((2, 4, 3), (2, 3, 5)), ((3, 4, 2), (3, 3, 2, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((6, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)),
            ((1, 2, 3), (1, 3, 4)), ((3, 2, 4), (4,)), ((4,), (3, 4, 2)), ((2, 3, 4, 5), (5,)), ((5,), (2, 3, 5, 4)), ((2, 1, 3), (2, 3, 1)),
        ),
    )  # fmt: skip
    test_kinds = matmul.agrees(
        "whole numbers too, and sums of nothing are 0", follows=True,
        arguments=lambda draw: {
            "matmul of whole numbers (3, 4) and (4, 2)": (draw.integers(-9, 9, 3, 4), draw.integers(-9, 9, 4, 2)),
            "matmul of whole numbers (4,) and (4,)": (draw.integers(-9, 9, 4), draw.integers(-9, 9, 4)),
            "matmul of (3, 0) and (0, 2)": (draw.normal(3, 0), draw.normal(0, 2)),
            "matmul of (0,) and (0,)": (draw.normal(0), draw.normal(0)),
        },
    )  # fmt: skip
    test_at_once = matmul.at_once("m", "n", "p", "batch", weight=3, title="no loop over any dimension", hint="broadcast, multiply, sum once")
    test_dtype = matmul.keeps_dtype()
    test_gradients = matmul.gradients(weight=2, title="gradients reach X and Y", sizes=[(2, 3, 2, 2)])
    test_unchanged = matmul.leaves_inputs(title="X and Y are left as they were")
    test_again = matmul.again(sizes=((), (3, 2, 4, 1)))


NORMS = ["norm", "vector_norm", "matrix_norm", "linalg_vector_norm", "linalg_matrix_norm", "linalg_norm", "norm_except_dim", "renorm", "cdist", "cdist_forward",
         "euclidean_dist", "pdist", "pdist_forward", "pairwise_distance", "normalize", "dist", "hypot"]  # fmt: skip


def entries(draw, n=4, d=3, p=2.5, dim=1, keepdim=False):
    """Entries of both signs, none near 0 and none equal in size, so that every norm is smooth there."""
    return draw.away_from_zero(n, d), p, dim, keepdim


def over(X, dim, keepdim, f):
    dim = tuple(range(X.ndim)) if dim is None else dim
    result = f(X, dim)
    return result if keepdim else result.sum(dim)


def powers(X, p, dim):
    return (X.abs() ** p).sum(dim, keepdim=True)


p_norm = case(
    reference.p_norm, entries, [(1, 4, 2, 1), (5, 3, 1, 0), (4, 6, 3, 1), (3, 5, 1.5, 0), (7, 2, 4.5, 1)], rtol=1e-4, atol=1e-6,
    slips={
        "the p-th root is taken of squares": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: powers(X, 2, d) ** (1 / p)),
        "the root is not taken": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: powers(X, p, d)) if p != math.inf else None,
        "p is taken for 2": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: powers(X, 2, d) ** 0.5),
        "the absolute values are missing": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: (X**p).sum(d, keepdim=True) ** (1 / p)),
        "the mean of the powers is taken; it should be their sum": lambda X, p, dim, keepdim: over(
            X, dim, keepdim, lambda X, d: (X.abs() ** p).mean(d, keepdim=True) ** (1 / p)
        ),
        "all entries together make one number; each slice along dim has its own": lambda X, p, dim, keepdim: reference.p_norm(X, p),
        "the square root is taken of the powers": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: powers(X, p, d) ** 0.5),
        "the largest entry is taken, with its sign": lambda X, p, dim, keepdim: over(X, dim, keepdim, lambda X, d: X.amax(d, keepdim=True)),
    },
)  # fmt: skip


def along_any_dims(draw):
    cases = [
        ((3, 4), 3, None, False), ((2, 3, 4), 1.5, (0, 2), False), ((2, 3, 4), 2, -1, True), ((4, 3), 1, None, True), ((5,), 2, 0, False),
        ((2, 3, 4), 1, (1,), False), ((2, 3, 2), 4, (-1, -3), True), ((3, 4), 2.5, (0, 1), False), ((1, 3), 2, 0, False), ((3, 1), 2, 1, True),
    ]  # fmt: skip
    return {f"p_norm(X, {p}, dim={dim}, keepdim={k}) of an X of shape {shape}": (draw.away_from_zero(*shape), p, dim, k) for shape, p, dim, k in cases}


def largest(draw):
    cases = [((4, 5), 1, False), ((3, 2, 4), (0, 2), True), ((6,), None, False), ((3, 4), -2, True)]
    return {f"p_norm(X, math.inf, dim={dim}, keepdim={k}) of an X of shape {shape}": (draw.away_from_zero(*shape), math.inf, dim, k) for shape, dim, k in cases}


def huge_and_tiny(draw):
    powers_of_ten = torch.tensor([[1e30], [1e-30], [1.0], [3e-20], [2e15]], device=draw.device)
    rows = draw.away_from_zero(5, 4)
    return {
        f"entries from 1e-30 to 1e30, p = {p}": (rows * powers_of_ten, p, 1, False) for p in (1, 2, 3, 1.5, 20)
    } | {
        "entries near 1e30, dim=None": (1e30 * draw.away_from_zero(2, 3), 2, None, False),
        "entries near 1e-30, dim=None": (1e-30 * draw.away_from_zero(3, 2), 2, None, True),
        "entries from 1e-30 to 1e30, p = ∞": (rows * powers_of_ten, math.inf, 1, True),
    }  # fmt: skip


@exercise("p_norm", forbid=NORMS)
class TestPNorm:
    test_values = p_norm.agrees("the p-th root of the sum of |x| to the power p, along one dimension", weight=3, hint="|x| first, then ** p, sum, ** (1 / p)")
    test_dims = p_norm.agrees("along any dimensions, along all of them, and with keepdim", weight=3, arguments=along_any_dims, follows=True,
                              hint="sum and amax take a tuple of dimensions; None stands for all")  # fmt: skip
    test_infinity = p_norm.agrees("p = ∞ gives the largest size", weight=2, arguments=largest, hint="X.abs().amax(dim)")
    test_scale = p_norm.stays_finite(
        "right for entries as large as 1e30 and as small as 1e-30", huge_and_tiny, weight=3, rtol=1e-5, atol=0,
        hint="divide each slice by its own largest size before the power, and multiply after the root",
    )  # fmt: skip
    test_dtype = p_norm.keeps_dtype()
    test_gradients = p_norm.gradients(weight=2, sizes=[(3, 4, 2, 1), (4, 3, 1, 0), (3, 4, 3.5, 1), (2, 5, math.inf, 1)])
    test_unchanged = p_norm.leaves_inputs(title="X is left as it was")
    test_again = p_norm.again(sizes=((), (3, 5, 1.5, 0, True)))

    @criterion("dim and keepdim may be left out", hint="the defaults stand in the skeleton: dim=None, keepdim=False")
    def test_defaults(self, student, draw):
        for given in [(draw.away_from_zero(3, 4), 2.5), (draw.away_from_zero(2, 5), 3, 1), (draw.away_from_zero(4, 2), math.inf)]:
            right = given + (None, False)[len(given) - 2 :]
            words = f"p_norm(X, {', '.join(map(str, given[1:]))}) of an X of shape {tuple(given[0].shape)}"
            p_norm.compare([(right, student.p_norm(given[0].clone(), *given[1:]))], [words], follows=True)

    @criterion(
        "a slice of zeros has the norm 0 and the gradient 0, never NaN", weight=3, hint="the root must never see a zero: fill it with 1 before, with 0 after"
    )
    def test_zeros(self, student, draw):
        for p in (2, 1, 1.5, 3, math.inf):
            X = draw.float64.away_from_zero(4, 3)
            X[1] = 0
            X[3, 1] = 0 if p != 1 else X[3, 1]  # where |x| itself has no slope
            leaf, other = X.clone().requires_grad_(), X.clone().requires_grad_()
            result, right = student.p_norm(leaf, p, 1, False), reference.p_norm(other, p, 1, False)
            words = f"p_norm(X, {p}, dim=1) where one row is all 0"
            p_norm.compare([((X, p, 1, False), result.detach())], [words], follows=True)
            expect(result.requires_grad, f"{words} carries no graph: no gradient can flow back", "no gradient")
            upstream = draw.float64.normal(4)
            result.backward(upstream)
            right.backward(upstream)
            assert_finite(leaf.grad, what=f"the gradient of {words}")
            assert_close(leaf.grad, other.grad, what=f"the gradient of {words}", rtol=1e-5, atol=1e-7)


# Squeezed and unfolded -----------------------------------------------------------------------------------------------------

PCA_TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-8}


def cloud(draw, n=12, d=5, k=2):
    """Points whose spread halves from one direction to the next, far from the origin."""
    turn, _ = torch.linalg.qr(draw.float64.normal(d, d))
    points = draw.float64.normal(n, d) * (4.0 * 0.5 ** torch.arange(d, dtype=torch.float64, device=draw.device)) @ turn.T
    return draw._placed(points.cpu() + draw.float64.uniform(d, low=2.0, high=5.0).cpu()), k


def parts_of(result, X, k, what):
    """components and Z, of the right shapes and dtype."""
    pair = isinstance(result, list | tuple) and len(result) == 2
    expect(pair, f"{what} gives back {'something else than' if result is not None else 'None, not'} the pair (components, Z)", "wrong type")
    components, Z = result
    assert_shape(components, (k, X.shape[1]), what=f"components of {what}")
    assert_shape(Z, (len(X), k), what=f"Z of {what}")
    for name, value in (("components", components), ("Z", Z)):
        expect(value.dtype == X.dtype, f"{name} of {what} has dtype {str(value.dtype)[6:]}, expected {str(X.dtype)[6:]}", "wrong type")
        assert_finite(value, what=f"{name} of {what}")
    return components.detach(), Z.detach()


def asked(student, draw, sizes):
    """(what it is called, X, k, components, Z) for each size."""
    found = []
    for size in sizes:
        X, k = cloud(draw, *size)
        what = f"pca(X, {k}) of an X of shape {tuple(X.shape)}"
        found.append((what, X, k, *parts_of(student.pca(X.clone(), k), X, k, what)))
    return found


PCA_SIZES = [(12, 5, 2), (6, 4, 1), (9, 3, 3), (4, 6, 3)]


@exercise("pca", forbid=["pca_lowrank", "svd_lowrank", "randn", "rand", "normal"])
class TestPca:
    @criterion("components are the directions of largest spread, largest first", weight=4, hint="the rows of Vh of the centred X, the first k of them")
    def test_components(self, student, draw):
        for what, X, k, components, _ in asked(student, draw, PCA_SIZES):
            right, _ = reference.pca(X, k)
            signs = torch.where((components * right).sum(1) < 0, -1.0, 1.0).to(right)
            if named := _slip_of_components(components, X, k):
                raise Finding(f"components of {what} are what comes out when {named}", named=named)
            what = f"components of {what}, but for their signs,"
            assert_close(components * signs[:, None], right, what=what, atol=PCA_TOLERANCE[X.dtype], rtol=1e-3)

    @criterion("components are of length 1 and at right angles", weight=2, hint="take the rows as svd gives them")
    def test_orthonormal(self, student, draw):
        for what, X, k, components, Z in asked(student, draw, PCA_SIZES):
            eye = torch.eye(k, dtype=X.dtype, device=X.device)
            assert_close(components @ components.T, eye, what=f"components @ components.T of {what}", atol=PCA_TOLERANCE[X.dtype])
            _same_plane(what, X, k, components, Z)

    @criterion("Z holds the coordinates of the centred points along the components", weight=3, hint="(X - X.mean(dim=0)) @ components.T")
    def test_coordinates(self, student, draw):
        for what, X, k, components, Z in asked(student, draw, PCA_SIZES):
            if torch.allclose(Z, X @ components.T, atol=1e-3):
                raise Finding(f"Z of {what} holds the coordinates of X as it came; those of the centred X are asked for", named="not centred")
            assert_close(
                Z, (X - X.mean(dim=0)) @ components.T, what=f"Z of {what}, for the components that came with it,", atol=PCA_TOLERANCE[X.dtype], rtol=1e-3
            )
            _same_plane(what, X, k, components, Z)

    @criterion("the spread along component j is the j-th singular value, and what is left is as small as can be", weight=2, hint="centre X first")
    def test_spread(self, student, draw):
        for what, X, k, components, Z in asked(student, draw, [(10, 4, 2), (7, 5, 3)]):
            _same_plane(what, X, k, components, Z, follows=False)

    @criterion("float64 gives float64, to its last digits, and any memory order will do", hint="name no dtype")
    def test_dtype(self, student, draw):
        for what, X, k, components, Z in asked(student, draw.float64, [(12, 5, 2)]) + asked(student, draw.other_order, [(8, 4, 2)]):
            _same_plane(what, X, k, components, Z)

    @criterion("X is left as it was", hint="X -= … writes into the caller's tensor")
    def test_unchanged(self, student, draw):
        X, k = cloud(draw)
        given = X.clone()
        components, Z = parts_of(student.pca(given, k), X, k, "pca(X, 2)")
        assert_unchanged(X, given, what="X")
        _same_plane("pca(X, 2)", X, k, components, Z)

    @criterion("gives the same when it is called again, and leaves the program as it was", hint="keep nothing from one call for the next")
    def test_again(self, student, draw):
        first, other = cloud(draw), cloud(draw)
        calls = [first, other, cloud(draw, 7, 4, 3), first]
        seen = student.run(called_in_turn, name="pca", calls=[list(call) for call in calls], draws=False)
        expect(not seen["changed"], f"after a call of pca {seen['changed']}")
        for number, ((X, k), result) in enumerate(zip(calls, seen["results"], strict=True)):
            what = f"pca(X, {k}){', at a later call,' if number else ''}"
            _same_plane(what, X, k, *parts_of(result, X, k, what), follows=not number)


def _slip_of_components(components, X, k):
    """The words of a known mistake whose components these are, but for their signs; "" for none."""
    centred = X - X.mean(dim=0)
    known = {
        "X is not centred": lambda: torch.linalg.svd(X, full_matrices=False).Vh[:k],
        "the directions of smallest spread are taken": lambda: torch.linalg.svd(centred, full_matrices=False).Vh.flip(0)[:k],
        "V is cut by its columns: svd gives V transposed, whose rows are the directions": lambda: torch.linalg.svd(centred, full_matrices=False).Vh[:, :k].T,
        "each row is centred; each column should be": lambda: torch.linalg.svd(X - X.mean(dim=1, keepdim=True), full_matrices=False).Vh[:k],
        "the columns are brought to variance 1 as well": lambda: torch.linalg.svd(centred / centred.std(dim=0, correction=0), full_matrices=False).Vh[:k],
    }
    right = torch.linalg.svd(centred, full_matrices=False).Vh[:k]
    for said, way in known.items():
        other = way()
        if other.shape == components.shape and not _alike(other, right) and _alike(other, components):
            return said
    return ""


def _alike(components, others):
    return bool(torch.allclose((components * others).sum(1).abs(), torch.ones(len(others)).to(others), atol=1e-3))


def _same_plane(what, X, k, components, Z, follows=True):
    """The coordinates have the spread of the singular values, and the points rebuilt from them miss no more than they must."""
    centred = X - X.mean(dim=0)
    S = torch.linalg.svdvals(centred)
    tolerance = {"atol": PCA_TOLERANCE[X.dtype], "rtol": PCA_TOLERANCE[X.dtype]}
    try:
        assert_close(Z.norm(dim=0), S[:k], what=f"the length of each column of Z of {what}", **tolerance)
        left = (centred - Z @ components).norm()
        assert_close(left, S[k:].norm(), what=f"what is left of the points, rebuilt from {what},", **tolerance)
    except Finding as finding:
        finding.follows = follows
        raise
