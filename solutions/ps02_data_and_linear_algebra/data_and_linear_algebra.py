# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Tables and linear algebra (数据与线性代数)
#
# Data rarely arrives as a tensor. It arrives as a table (表格) that somebody typed in: with words in it, with holes, with a "?" where
# nobody knew the answer. In the first half of this notebook you take such a table of flats, clean it step by step, and end
# with a program that guesses the prices of a hundred flats it has never seen. In the second half you build the
# handful of operations that all of deep learning is made of (sums along an axis, products, lengths), and then
# squeeze pictures of handwritten digits into two numbers and unfold them again.
#
# Twelve small functions; most answers are two or three lines. You need no pandas yet: the next section shows all of it that
# you will use. From [ps01](../ps01_tensors/tensors.ipynb) you need shapes, `dim`, `keepdim` and broadcasting.
#
# **How it is marked.** Each exercise has a cell for your answer and, under it, a check that you can run as often as
# you like. It tries an example or two and says in words what is wrong. The hidden grader asks more of the same (other
# tables, other shapes, awkward numbers, gradients) and marks each property on its own, so an answer that is wrong only in
# some cases keeps the points of the others. Every exercise stands alone: you may skip one and come back. Helpers
# of your own may stand in cells of your own, above the exercise that uses them. The points add up to 100; the two
# written questions are extra credit.
#
# **What holds for every exercise**, unless it says otherwise:
#
# * what you are given is left as it was: you return **new** tables and tensors;
# * in Part B the result has the dtype and the device of the input, and gradients flow through;
# * a Python loop over the columns of a table is fine. In Part B, three exercises say "no loop": there the grader counts the operations.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import io
import math

import pandas as pd
import torch
from course_tools import check, check_equal, check_promises, digits, plot_curves, show_images


def columns_of(table):
    """For the checks: {name: list of values} of a table. Numbers become floats, a missing value becomes the word "missing"."""
    kind = type(table).__name__
    check(isinstance(table, pd.DataFrame), f"There is a {kind} where a table (pandas.DataFrame) is expected.")
    return {name: ["missing" if pd.isna(v) else v if isinstance(v, str) else float(v) for v in table[name]] for name in table}


# %% [markdown]
# ## Part A · From a file to a prediction
#
# ### pandas in one minute
#
# pandas is Python's library for tables. A table is a `DataFrame`; each of its columns is a `Series`.
#
# | you write | you get |
# |---|---|
# | `table["Area"]` | the column called Area, a Series |
# | `table.iloc[0:3, -1]` | the first three rows of the last column: rows and columns **by position**, as in a tensor |
# | `table.loc[[7, 9]]` | the rows **labelled** 7 and 9. Every row has a label; all labels together are the *index* (索引) |
# | `table[mask]` | the rows where `mask`, a Series of true and false, is true |
# | `table.isna()`, `table.notna()` | a table of true and false: where is a value missing, where is it present? |
# | `table.mean()`, `table.sum()` | one number for each column (along dim 0); missing values are skipped |
# | `table.shape`, `len(table)`, `table.columns` | (rows, columns), rows, names of the columns |
# | `table.copy()` | a table of your own |
#
# A **missing value** (缺失值) is a hole: pandas shows it as `NaN`, "not a number", in number columns and word columns alike.
# In all of this notebook a **number column** is one that `table.select_dtypes("number")` picks: integers and floats. Columns of words are
# not, and neither are columns of true and false.
#
# Nearly every method of pandas gives you a **new** table and leaves the old one alone. So `table.dropna()` on a line of its own does
# nothing that lasts; `table = table.dropna()` does.
#
# Here is the table of flats. Some of it is missing: can you see three different ways in which it says so?

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_flats", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from flats import flats_csv
#
# print(flats_csv(8, seed=281))
# pd.read_csv(io.StringIO(flats_csv(8, seed=281)))

# %% [markdown]
# (They are `NA`, `?`, and what pandas makes of `NA` when it reads the file: `NaN`. The `?` it takes for a word, and with it the whole
# column of rooms. We will see to that at once.)
#
# ## 1 · A table with holes
#
# ### 1.1 `load_table`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.1.2 · 004 pandas
#
# Read a CSV file and cut it in two: the **inputs** (特征), which are all columns but the last, and the **labels** (标签), which are
# the last column. Three things to see to:
#
# * a cell that holds exactly `?` is missing, as are those that pandas knows by itself (empty, `NA`, …). A number column with a `?` in
#   it is then a number column;
# * a row **without a label** teaches nothing: it goes. A row in which an input is missing stays, holes and all;
# * the index of both results counts 0, 1, 2, … anew.
#
# The file may have any number of columns, two or twenty.
#
# **By hand.** The file
#
# ```
# Rooms,Street,Price
# 2,North,127
# ?,South,106
# 4,,
# 3,,178
# ```
#
# has four rows. The third has no price and goes. Inputs: `Rooms` = 2, NaN, 3 and `Street` = North, South, NaN. Labels: 127, 106, 178.
# Index: 0, 1, 2.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `pd.read_csv(file, na_values=["?"])` adds the `?` to what counts as missing. And `.iloc[:, -1]` is the last column, however many there are.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `data` as it was read: keep the rows `data[data.iloc[:, -1].notna()]`, then `.reset_index(drop=True)`. Return
# `data.iloc[:, :-1]` and `data.iloc[:, -1]`.
# </details>
#
# <details><summary>Help: I lose too many rows</summary>
#
# `data.dropna()` drops a row for *any* hole. Here only a hole in the last column counts.
# </details>
#
# <details><summary>Help: I have a column called "index" too many</summary>
#
# `reset_index()` keeps the old index as a column. `reset_index(drop=True)` does not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "load_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def load_table(file):
    """Read a CSV table; its last column is the label.

    file: a path or an open file, whatever pd.read_csv takes; its first line names the columns, of which there are two or more.
    Returns (inputs, outputs): a DataFrame of all columns but the last, and a Series, the last one. Rows without a label are
    dropped, "?" is missing, both indices are 0, 1, 2, …
    """
    ### BEGIN SOLUTION
    data = pd.read_csv(file, na_values=["?"])
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    return data.iloc[:, :-1], data.iloc[:, -1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_load_table", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_file = io.StringIO("Rooms,Street,Price\n2,North,127\n?,South,106\n4,,\n3,,178\n")
_inputs, _outputs = load_table(_file)
_expected = {"Rooms": [2.0, "missing", 3.0], "Street": ["North", "South", "missing"]}
check_equal(columns_of(_inputs), _expected, "the table of inputs")
check_equal(_outputs.tolist(), [127.0, 106.0, 178.0], "the list of labels")
check_equal([list(_inputs.index), list(_outputs.index)], [[0, 1, 2], [0, 1, 2]], "the two indices")
check(pd.api.types.is_numeric_dtype(_inputs["Rooms"]), "The column Rooms holds numbers and a '?', and has come out as words.")
_inputs, _outputs = load_table(io.StringIO("Id,Area,Year,Lift,Price\n7,31,1960,no,90\n8,64,1999,,140\n"))
check_equal(list(_inputs.columns), ["Id", "Area", "Year", "Lift"], "the names of the inputs of a file with five columns")

# %% [markdown]
# ### 1.2 `drop_missing`
#
# *difficulty 2/5 · importance 3/5 · about 10 minutes · 6 points*
#
# Notes: 000 §1.1.2 · 004 pandas
#
# What to do about the holes? The simplest answer is **deletion** (删除): throw away what has holes. But in which order? A column that is
# nearly empty would take nearly all rows with it. So first the columns, then the rows:
#
# 1. a **column** goes when its share of missing values is **larger** than `max_share` (exactly `max_share` stays);
# 2. then every **row** goes that has a hole in one of the columns that are left.
#
# $$\text{share of a column} = \frac{\text{number of its missing values}}{\text{number of rows}}$$
#
# The rows that stay keep their index labels, so that one can still tell which ones they are. A table without rows has no missing
# values: all its columns stay.
#
# **By hand.** `max_share = 0.5` and the four rows
#
# | | Area | Lift | Rooms |
# |---|---|---|---|
# | 10 | 40 | NaN | 2 |
# | 11 | 55 | NaN | NaN |
# | 12 | 61 | yes | 3 |
# | 13 | 83 | NaN | 4 |
#
# Shares: Area 0, Lift ¾, Rooms ¼. Lift goes. Of Area and Rooms, row 11 has a hole and goes: rows 10, 12, 13 are left.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `data.isna()` is a table of true and false, and the mean of true and false is a share.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `share = data.isna().mean()` has one number a column. `data.loc[:, ~(share > max_share)]` keeps the right columns (`~` is "not"),
# and `.dropna()` then drops the rows.
# </details>
#
# <details><summary>Help: a table without rows loses all its columns</summary>
#
# The mean of nothing is NaN, and every comparison with NaN is false: `share <= max_share` is false, and so is `share > max_share`. Which
# of the two is asked decides what happens.
# </details>


# %% nbgrader={"grade": false, "grade_id": "drop_missing", "locked": false, "schema_version": 3, "solution": true, "task": false}
def drop_missing(data, max_share):
    """Drop the columns that miss too much, then the rows that miss anything.

    data: DataFrame, left unchanged; max_share: float from 0 to 1, the largest share of missing values that a column may have.
    Returns a new DataFrame without missing values; the order of rows and columns and the index labels are those of data.
    """
    ### BEGIN SOLUTION
    share = data.isna().mean()
    return data.loc[:, ~(share > max_share)].dropna()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_drop_missing", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
_data = pd.DataFrame({"Area": [40, 55, 61, 83], "Lift": [None, None, "yes", None], "Rooms": [2.0, None, 3.0, 4.0]}, index=[10, 11, 12, 13])
_before = columns_of(_data)
_result = drop_missing(_data, 0.5)
check_equal(columns_of(_result), {"Area": [40.0, 61.0, 83.0], "Rooms": [2.0, 3.0, 4.0]}, "drop_missing(data, 0.5)")
check_equal(list(_result.index), [10, 12, 13], "the index of drop_missing(data, 0.5)")
check_equal(columns_of(_data), _before, "data, after the call,")
check_equal(list(drop_missing(_data, 0.75).columns), ["Area", "Lift", "Rooms"], "the columns where max_share is exactly the share of Lift, 0.75,")
check_equal(len(drop_missing(_data, 0.75)), 1, "the number of rows of drop_missing(data, 0.75)")

# %% [markdown]
# ### 1.3 `fill_missing`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 8 points*
#
# Notes: 000 §1.1.2 · 004 pandas
#
# Deleting costs dearly: of 300 flats only about 160 have no hole anywhere. The other answer is **imputation** (插值): put something
# plausible into the hole. For a number column that is the **mean of the values it has**:
#
# $$x_{ij} \leftarrow \frac{1}{|P_j|}\sum_{l \in P_j} x_{lj} \quad\text{where } x_{ij} \text{ is missing},\qquad P_j = \text{rows where column } j \text{ is present}$$
#
# Words have no mean, so **columns of words stay as they are**, holes included (2.1 will deal with them). A number column that has no
# value at all has no mean either: it becomes all **0**.
#
# **By hand.** `Rooms` = 2, NaN, 4 has the mean 3 and becomes 2, 3, 4. `Street` = North, NaN, South stays. `Lift` = NaN, NaN, NaN
# becomes 0, 0, 0.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `inputs.mean()` stumbles over words: "could not convert string". Ask `mean` for the number columns only: `numeric_only=True`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `fillna` takes one value for each column: `inputs.fillna(means)`, where `means` is the Series of means. Columns that it does not name
# are left alone.
# A column without any value has the mean NaN: fill that hole first, `means.fillna(0)`.
# </details>
#
# <details><summary>Help: nothing has changed</summary>
#
# `inputs.fillna(...)` gives a new table. It has to be returned, or given a name.
# </details>
#
# <details><summary>Help: my words have become 0</summary>
#
# `.fillna(0)` on the whole table fills the columns of words too. Fill the means with 0, not the table.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fill_missing", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fill_missing(inputs):
    """Fill the holes of each number column with the mean of its present values; 0 where it has none.

    inputs: DataFrame, left unchanged. Returns a new DataFrame with its columns and its index; columns of words keep their holes.
    """
    ### BEGIN SOLUTION
    means = inputs.mean(numeric_only=True).fillna(0)
    return inputs.fillna(means)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fill_missing", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
_inputs = pd.DataFrame({"Rooms": [2.0, None, 4.0], "Street": ["North", None, "South"], "Lift": [float("nan")] * 3, "Year": [1950, 1980, 2021]})
_before = columns_of(_inputs)
_result = fill_missing(_inputs)
check(_result is not None, "fill_missing(inputs) is None. Is the `return` missing?")
_expected = {**_before, "Rooms": [2.0, 3.0, 4.0], "Lift": [0.0, 0.0, 0.0]}
check_equal(columns_of(_result), _expected, "fill_missing(inputs)")
check_equal(columns_of(_inputs), _before, "inputs, after the call,")

# %% [markdown]
# **See it.** Three hundred flats. Each row of the picture is a column of the table, and each yellow line is a hole. Deletion keeps the flats
# without any line; filling keeps all of them.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_holes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from flats import flats_csv
#
# inputs, prices = load_table(io.StringIO(flats_csv(300, seed=0)))
# holes = inputs.isna()
# figure, axes = plt.subplots(figsize=(8, 2.4), layout="constrained")
# axes.imshow(holes.T, aspect="auto", cmap="viridis", interpolation="nearest")
# axes.set_yticks(range(len(holes.columns)), [f"{name} ({share:.0%})" for name, share in holes.mean().items()])
# axes.set(xlabel="flat", title="Where a value is missing (share of each column)")
# plt.show()
# print(f"flats with a price: {len(inputs)}")
# print(f"left by drop_missing(inputs, 0.5): {len(drop_missing(inputs, 0.5))}")
# print(f"holes left in number columns by fill_missing: {int(fill_missing(inputs).select_dtypes('number').isna().sum().sum())}")

# %% [markdown]
# ## 2 · Words become numbers, numbers become comparable
#
# From here on there are two tables: `train`, from which everything is learned, and `test`, the flats whose prices we shall have to guess.
# Whatever we do to
# one we must do to the other, in exactly the same way, or column 7 will mean "Park" here and "Market" there.
#
# ### 2.1 `encode_categories`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 10 points*
#
# Notes: 000 §1.1.2 · 004 pandas
#
# A model multiplies and adds, so the words have to become numbers. Numbering them (Harbour = 1, Market = 2, …) would claim that Market is
# twice
# Harbour. **One-hot encoding** (独热编码) claims nothing: each *class* (类别), that is, each different word, gets a column of its own, with a 1
# in the rows that have it and a 0 in the others.
# A missing word is treated as **one more class**: that nobody wrote down the heating may itself say something about a flat.
#
# * A column of words `Street` with the words North and South in it is replaced by the columns `Street_North`, `Street_South` and, always,
#   `Street_nan`.
# * The classes are those of **both tables together**. Both results have **the same columns in the same order** (which order is up to you).
# * A column with words in one table may be missing in *every* row of the other, and then pandas has read it as a column of numbers. It is
#   encoded all the same:
#   all its rows have the 1 under `_nan`.
# * Number columns, and columns of true and false, stay as they are, holes included. Each result has the index of its own table.
#
# The ones and zeros may be of any dtype; true and false count as 1 and 0.
#
# **By hand.** `train` has `Street` = North, NaN; `test` has `Street` = South. The columns are Street_North, Street_South, Street_nan;
# `train` becomes (1, 0, 0), (0, 0, 1);
# `test` becomes (0, 1, 0).
#
# <details><summary>Hint 1: a nudge</summary>
#
# If the classes of both tables have to count, put the tables on top of one another first: `pd.concat([train, test])`. Encode the tall
# table. Cut it in two again.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `pd.get_dummies(both, dummy_na=True)` encodes all columns of words and leaves the number columns alone. The first `len(train)` rows of
# the result are `train`: cut
# by position, with `.iloc`.
# </details>
#
# <details><summary>Help: one of my tables has too many rows</summary>
#
# The tables may use the same index labels: there may be a row 0 in both. `.loc[train.index]` then finds both. `.iloc` counts positions
# and cannot be fooled.
# </details>
#
# <details><summary>Help: a column is missing in one of my tables</summary>
#
# Each table was encoded by itself, and a word that it lacks got no column there.
# </details>


# %% nbgrader={"grade": false, "grade_id": "encode_categories", "locked": false, "schema_version": 3, "solution": true, "task": false}
def encode_categories(train, test):
    """One-hot columns for every column of words, the same in both tables; a missing word is a class of its own.

    train, test: DataFrames with the same column names in the same order, left unchanged.
    Returns (train, test), two new DataFrames with one and the same columns: <name>_<class> for each class of either table, and
    <name>_nan, beside the number columns, which are as they were. Each has the index of its own table.
    """
    ### BEGIN SOLUTION
    both = pd.get_dummies(pd.concat([train, test]), dummy_na=True)
    return both.iloc[: len(train)], both.iloc[len(train) :]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_encode_categories", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_train = pd.DataFrame({"Street": ["North", None], "Area": [40.0, None]})
_test = pd.DataFrame({"Street": ["South"], "Area": [55.0]})
_before = columns_of(_train), columns_of(_test)
_a, _b = encode_categories(_train, _test)
check_equal(list(_a.columns), list(_b.columns), "the columns of the encoded train, compared with those of the encoded test,")
_expected = {"Area": [40.0, "missing"], "Street_North": [1.0, 0.0], "Street_South": [0.0, 0.0], "Street_nan": [0.0, 1.0]}
check_equal(columns_of(_a), _expected, "the encoded train")
check_equal(columns_of(_b), {"Area": [55.0], "Street_North": [0.0], "Street_South": [1.0], "Street_nan": [0.0]}, "the encoded test")
check_equal([list(_a.index), list(_b.index)], [[0, 1], [0]], "the two indices")
check_equal([columns_of(_train), columns_of(_test)], list(_before), "the two tables, after the call,")
_a, _b = encode_categories(_train, pd.DataFrame({"Street": [float("nan")], "Area": [61.0]}))
check_equal(columns_of(_b), {"Area": [61.0], "Street_North": [0.0], "Street_nan": [1.0]}, "an encoded test of which no street is known")

# %% [markdown]
# ### 2.2 `standardize_features`
#
# *difficulty 3/5 · importance 5/5 · about 20 minutes · 12 points*
#
# Notes: 004 初始化
#
# An area of 80 and a year of 1999 cannot be compared, and a model that starts with equal weights would listen to the year alone.
# **Standardization** (标准化) brings every number
# column to mean 0 and variance 1:
#
# $$x' = \frac{x - \mu}{\sigma}, \qquad \mu = \frac1n\sum_i x_i, \qquad \sigma^2 = \frac1n \sum_i (x_i - \mu)^2$$
#
# The catch is in *whose* $\mu$ and $\sigma$. The test table stands for flats that we have not seen yet, so nothing may be learned from
# it: **$\mu$ and $\sigma$ come from `train` alone**, and
# are used for **both** tables. Then:
#
# * $\mu$ and $\sigma$ are those of the values that are present. Only **afterwards**, missing values become **0**, which is now the mean:
#   in both tables;
# * a column that is constant in `train`, or has no value there at all, tells nothing: it becomes **0** in both tables;
# * columns of words and columns of true and false stay as they are.
#
# Note the $\frac1n$: this is the population variance, as in ps01. pandas divides by $n - 1$ unless you say `ddof=0`.
#
# **By hand.** `train` has `Rooms` = 2, 4, NaN: $\mu = 3$, $\sigma = 1$, so it becomes −1, 1, 0. In `test`, `Rooms` = 6, NaN becomes 3, 0.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Find the number columns of `train`, then their `mean()` and `std(ddof=0)`. Arithmetic between a table and such a Series goes column by
# column, by name.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `columns = train.select_dtypes("number").columns`. For each of the two tables: make a `copy()`, and put `(table[columns] - mean) / std`,
# its holes filled with 0, into `copy[columns]`.
# For $\sigma = 0$ the quotient is 0/0, which is NaN, or something else divided by 0, which is infinite. If you replace the $\sigma$ of a
# constant column by NaN first, all of them become holes, and holes become 0: `std.where(largest > smallest)` keeps the other ones.
# </details>
#
# <details><summary>Help: I see inf</summary>
#
# A column that is constant in `train` has other values in `test`: (x − μ)/0 is infinite there. Such a column is 0 in both tables.
# </details>
#
# <details><summary>Help: a constant column becomes 1 or −1, or huge</summary>
#
# A computer rounds: 0.1 + 0.1 + 0.1 is 0.30000000000000004, so the mean of three times 0.1 is not 0.1, and the deviation is
# 0.00000000000000001 instead of 0. Do not ask whether `std()` is 0; ask whether `max()` and `min()` of the column are the same.
# </details>
#
# <details><summary>Help: my numbers are a little too small</summary>
#
# `std()` divides by n − 1. Say `std(ddof=0)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "standardize_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize_features(train, test):
    """Number columns to mean 0 and variance 1 by the statistics of train; then 0 for what is missing.

    train, test: DataFrames with the same columns, left unchanged; one row is enough.
    Returns (train, test), two new DataFrames with the same columns and indices. What the number columns are is asked of train: they become floats
    without holes, 0 where train is constant or has no value. Other columns are as they were.
    """
    ### BEGIN SOLUTION
    columns = train.select_dtypes("number").columns
    mean, std = train[columns].mean(), train[columns].std(ddof=0)
    std = std.where(train[columns].max() > train[columns].min())
    results = []
    for table in (train, test):
        result = table.copy()
        result[columns] = ((table[columns] - mean) / std).fillna(0)
        results.append(result)
    return tuple(results)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_standardize_features", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_train = pd.DataFrame({"Rooms": [2.0, 4.0, None], "Lift": [True, False, True], "Floor": [5, 5, 5], "Fee": [0.1] * 3, "Street": ["North", None, "South"]})
_test = pd.DataFrame({"Rooms": [6.0, None], "Lift": [False, True], "Floor": [4, 5], "Fee": [0.1, 0.3], "Street": ["North", "South"]})
_before = columns_of(_train), columns_of(_test)
_a, _b = standardize_features(_train, _test)
check_equal(columns_of(_a), {**_before[0], "Rooms": [-1.0, 1.0, 0.0], "Floor": [0.0] * 3, "Fee": [0.0] * 3}, "the standardized train")
check_equal(columns_of(_b), {**_before[1], "Rooms": [3.0, 0.0], "Floor": [0.0, 0.0], "Fee": [0.0, 0.0]}, "the standardized test")
check_equal([columns_of(_train), columns_of(_test)], list(_before), "the two tables, after the call,")

# %% [markdown]
# **See it.** Forty flats, encoded, before and after you standardize them: one row a flat, one column a feature. Before, the year drowns
# everything; after, every feature has its say.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_heat_map", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from flats import flats_csv
#
# train, _ = load_table(io.StringIO(flats_csv(300, seed=0)))
# test, _ = load_table(io.StringIO(flats_csv(100, seed=1)))
# encoded, encoded_test = encode_categories(train, test)
# scaled, _ = standardize_features(encoded, encoded_test)
# figure, grid = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained", sharey=True)
# for axes, table, title in zip(grid, (encoded, scaled), ("as it was read, and encoded", "standardized")):
#     picture = axes.imshow(table[:40].astype(float), aspect="auto", cmap="viridis", interpolation="nearest")
#     axes.set_xticks(range(len(table.columns)), table.columns, rotation=90)
#     axes.set(title=title, xlabel="feature")
#     figure.colorbar(picture, ax=axes)
# grid[0].set_ylabel("flat")
# plt.show()

# %% [markdown]
# (White cells are holes; there are none on the right.)
#
# ## 3 · To tensors, and back
#
# ### 3.1 `to_tensors`
#
# *difficulty 2/5 · importance 5/5 · about 10 minutes · 7 points*
#
# Notes: 000 §1.1.2 · 001 tensor/创建 · 003 §4.2 · 004 pandas
#
# All columns are numbers now, or true and false. Make tensors of them: `X` (n, d) from the inputs, one row a flat, and `y` (n,) from the
# labels; both of the dtype that is asked for, **float32** unless
# the caller says otherwise, since that is what layers expect.
#
# `X` and `y` are to own their memory: writing into them must not change the table. (ps01's `share_or_copy` showed how a tensor can share
# the memory of an array.)
#
# **By hand.** The columns `Area` = 40, 55 and `Park` = true, false with the labels 127, 106 give `X = [[40, 1], [55, 0]]` and `y = [127,
# 106]`, float32.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Numbers beside true and false make `inputs.values` an array of Python objects, which PyTorch cannot read. `to_numpy(dtype=float)` makes
# one array of floats of all columns.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `torch.tensor(array, dtype=dtype)` always copies. `torch.from_numpy` and `torch.as_tensor` share when they can.
# </details>
#
# <details><summary>Help: I see "can't convert np.ndarray of type numpy.object_"</summary>
#
# That is the array of Python objects of Hint 1.
# </details>


# %% nbgrader={"grade": false, "grade_id": "to_tensors", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_tensors(inputs, outputs, dtype=torch.float32):
    """Tensors of a table and its labels.

    inputs: DataFrame (n, d) of numbers, true and false, nothing missing; outputs: Series of n numbers; dtype: a floating-point dtype. n may be 0.
    Returns (X, y): tensors (n, d) and (n,) of that dtype, which share no memory with the table.
    """
    ### BEGIN SOLUTION
    X = torch.tensor(inputs.to_numpy(dtype=float), dtype=dtype)
    y = torch.tensor(outputs.to_numpy(), dtype=dtype)
    return X, y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_to_tensors", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_inputs, _outputs = pd.DataFrame({"Area": [40.0, 55.0], "Park": [True, False], "Rooms": [2, 3]}), pd.Series([127.5, 106.0])
_X, _y = to_tensors(_inputs, _outputs)
check_equal(_X, torch.tensor([[40.0, 1.0, 2.0], [55.0, 0.0, 3.0]]), "X")
check_equal(_y, torch.tensor([127.5, 106.0]), "y")
_numbers = pd.DataFrame({"Area": [40.0, 55.0]})
_X, _y = to_tensors(_numbers, _outputs, dtype=torch.float64)
check_equal(_X, torch.tensor([[40.0], [55.0]], dtype=torch.float64), "X in float64, of one column,")
_X[0, 0], _y[0] = -1.0, -1.0
check_equal([_numbers["Area"][0], _outputs[0]], [40.0, 127.5], "what stands in the table after X[0, 0] = y[0] = -1")

# %% [markdown]
# ### 3.2 `submission_table`
#
# *difficulty 1/5 · importance 3/5 · about 5 minutes · 5 points*
#
# Notes: 004 pandas
#
# Predictions are wanted back as a table: one column `Id`, one column `SalePrice`, ready to be written to a file. The first prediction
# belongs to the first id, the second to the
# second, and so on: **side by side, in the order given**.
#
# Beware of pandas here. It likes to match rows **by index label**, not by position, and `ids` comes out of a larger table, with labels
# such as 7, 3, 12. Put beside a Series with the labels
# 0, 1, 2, it matches some rows wrongly and leaves others empty, without a word.
#
# Predictions come from a model: shape (n,) or (n, 1), perhaps with a graph attached, perhaps on a GPU.
#
# **By hand.** `ids` = 501, 502 with the index 7, 3 and predictions 127.5, 106: the rows are (501, 127.5) and (502, 106), with the index 0, 1.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Take both out of their wrappings first: a plain array of ids, a plain array of predictions. Arrays have no labels to be matched.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# `predictions.detach().cpu().reshape(-1).numpy()` and `ids.to_numpy()`, in `pd.DataFrame({"Id": …, "SalePrice": …})`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "submission_table", "locked": false, "schema_version": 3, "solution": true, "task": false}
def submission_table(ids, predictions):
    """Ids and predictions side by side.

    ids: Series of n whole numbers with any index and any name; predictions: float tensor (n,) or (n, 1), on any device, perhaps with a graph.
    Returns a DataFrame with the columns "Id" (whole numbers) and "SalePrice", in this order, and the index 0, 1, …, n - 1.
    """
    ### BEGIN SOLUTION
    prices = predictions.detach().cpu().reshape(-1).numpy()
    return pd.DataFrame({"Id": ids.to_numpy(), "SalePrice": prices})
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_submission_table", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
_ids = pd.Series([504, 502, 501], index=[7, 3, 0], name="flat")
_result = submission_table(_ids, torch.tensor([127.5, 106.0, 178.25]))
_expected = {"Id": [504.0, 502.0, 501.0], "SalePrice": [127.5, 106.0, 178.25]}
check_equal(columns_of(_result), _expected, "submission_table(ids, predictions)")
check_equal([list(_result.columns), list(_result.index)], [["Id", "SalePrice"], [0, 1, 2]], "the columns and the index")
_learned = torch.tensor([[127.5], [106.0], [178.25]], requires_grad=True)
check_equal(columns_of(submission_table(_ids, _learned)), _expected, "submission_table of predictions of shape (3, 1) that carry a graph")

# %% [markdown]
# **See it: your first model.** Three hundred flats to learn from, a hundred new ones to guess. Your functions read, encode, standardize
# and convert; the rest is one line that finds the weights
# $w$ for which $Xw$ comes nearest to the prices (least squares, 最小二乘; ps04 explains it, and why it does not mind that the columns
# `District_…` add up to the column of ones).

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_prices", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
# from flats import flats_csv
#
# (train, train_prices), (test, test_prices) = (load_table(io.StringIO(flats_csv(n, seed))) for n, seed in ((300, 0), (100, 1)))
# X, y = to_tensors(standardize_features(*encode_categories(train, test))[0], train_prices)
# X_new, y_new = to_tensors(standardize_features(*encode_categories(train, test))[1], test_prices)
# ones, ones_new = torch.ones(len(X), 1), torch.ones(len(X_new), 1)
# w = torch.linalg.lstsq(torch.cat([X, ones], dim=1), y[:, None], driver="gelsd").solution
# guess = torch.cat([X_new, ones_new], dim=1) @ w
#
# explained = 1 - ((guess[:, 0] - y_new) ** 2).sum() / ((y_new - y_new.mean()) ** 2).sum()
# figure, axes = plt.subplots(figsize=(5.2, 4.6), layout="constrained")
# axes.scatter(y_new, guess, s=18, alpha=0.7, label="a flat")
# axes.axline((200, 200), slope=1, color="black", linewidth=1, label="a perfect guess")
# axes.set(xlabel="true price (thousands)", ylabel="guessed price (thousands)", title=f"{len(y_new)} flats never seen: {explained:.0%} explained")
# axes.legend()
# axes.grid(alpha=0.3)
# plt.show()
# submission_table(pd.Series(range(501, 501 + len(guess))), guess).head()

# %% [markdown]
# (*Explained* compares the squares of the errors with those of somebody who always guesses the mean price: 100 % is perfect, 0 % is no
# better than the mean.)
#
# ## Part B · The algebra inside
#
# ## 4 · Sums along an axis
#
# ### 4.1 `shares`
#
# *difficulty 2/5 · importance 4/5 · about 10 minutes · 7 points*
#
# Notes: 000 §1.1.3 · 001 对某维度进行运算 · 004 张量
#
# Divide every entry by a sum, so that what belongs together adds up to 1. `axis` says what is summed: one axis, or several at once.
#
# $$\text{out} = \frac{A}{\sum_{\text{axis}} A}$$
#
# For a matrix, `axis=1` gives the share of each entry in its row, `axis=0` in its column, `axis=[0, 1]` in everything. The sum has to
# keep its dimensions (`keepdim=True`), so that broadcasting
# lines it up with $A$ again. Summing several axes one after the other goes wrong without it: after the first sum, the others have moved.
#
# Where a sum is exactly 0, all its entries are 0 too (there are no negative ones), and the shares are to be **0**, not NaN. Nothing may
# be added to other sums for that: entries as small as $10^{-8}$ have exact shares too.
#
# **By hand.** `A = [[1, 3], [0, 0]]`, `axis=1`: the rows sum to 4 and 0, so the shares are `[[0.25, 0.75], [0, 0]]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `A.sum(dim=axis, keepdim=True)` takes one axis or a list of them. What do you divide by where it gives 0, so that 0 comes out?
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# Replace the zeros among the sums by ones: `total.masked_fill(total == 0, 1)`. Then 0/1 is 0, and every gradient is finite.
# </details>
#
# <details><summary>Help: I see nan in the gradient only</summary>
#
# `torch.where(total == 0, 0, A / total)` still computes 0/0 on the branch that was not chosen, and its gradient. Mend the sum before you
# divide.
# </details>


# %% nbgrader={"grade": false, "grade_id": "shares", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shares(A, axis):
    """Each entry divided by the sum over axis; 0 where that sum is 0.

    A: float tensor of any shape, no negative entries; axis: an int, negative ones count from the end, or a list or tuple of ints.
    Returns a tensor of the shape of A. The gradient is finite everywhere.
    """
    ### BEGIN SOLUTION
    total = A.sum(dim=axis, keepdim=True)
    return A / total.masked_fill(total == 0, 1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_shares", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
_A = torch.tensor([[1.0, 3.0, 4.0], [2.0, 5.0, 1.0]])
check_equal(shares(_A, 1), torch.tensor([[0.125, 0.375, 0.5], [0.25, 0.625, 0.125]]), "shares(A, 1)")
check_equal(shares(_A, 0)[0], torch.tensor([1 / 3, 0.375, 0.8]), "the first row of shares(A, 0)")
check_equal(shares(_A, [0, 1])[1], torch.tensor([0.125, 0.3125, 0.0625]), "the second row of shares(A, [0, 1])")
_A = torch.tensor([[1.0, 3.0], [0.0, 0.0]], requires_grad=True)
check_equal(shares(_A, 1), torch.tensor([[0.25, 0.75], [0.0, 0.0]]), "shares(A, 1) where one row is all 0")
check_equal(shares(1e-8 * _A.detach(), 1), torch.tensor([[0.25, 0.75], [0.0, 0.0]]), "shares(1e-8 * A, 1)")
check_promises(shares, torch.tensor([[1.0, 3.0, 4.0], [2.0, 5.0, 1.0]]), 1)
shares(_A, 1)[:, 0].sum().backward()
check(not _A.grad.isnan().any(), "One row of A is all 0, and the gradient there is NaN.")

# %% [markdown]
# ### 4.2 `moving_average`
#
# *difficulty 3/5 · importance 3/5 · about 20 minutes · 8 points*
#
# Notes: 000 §1.1.3 · 004 张量
#
# A moving average (移动平均) smooths a series: each value is replaced by the mean of `window` values in a row.
#
# $$\text{out}_t = \frac{1}{w}\sum_{i=t}^{t+w-1} X_i, \qquad t = 0, \dots, T - w$$
#
# Time runs along dim 0; all further dimensions go along untouched. There are $T - w + 1$ windows, so that many rows come out.
#
# **No loop**, neither over time nor over the window. A **cumulative sum** (累计求和) does it in one go: with $S_t = X_0 + \dots + X_{t-1}$,
# the sum of a window is the difference of two of them,
#
# $$X_t + \dots + X_{t+w-1} = S_{t+w} - S_t, \qquad S_0 = 0.$$
#
# There is a trap in it. The cumulative sum of ten thousand values near 1000 reaches ten million, where float32 counts in steps of 1: the
# digits of the window are lost in it. So **sum up in float64**
# and give the result back in the dtype of X.
#
# **By hand.** `X = [2, 4, 9, 5]`, `window = 2`. S = 0, 2, 6, 15, 20. Differences two apart: 6, 13, 14. Means: `[3, 6.5, 7]`.
#
# <details><summary>Hint 1: a nudge</summary>
#
# `X.cumsum(dim=0)` begins with $X_0$, not with 0. The first window needs the 0: put a row of zeros in front, with `torch.cat`.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `S` as above: `(S[window:] - S[:-window]) / window`. Make S from `X.double()`, and convert at the end with `.to(X.dtype)`.
# </details>
#
# <details><summary>Help: my result is one row too short</summary>
#
# The first window is missing: S begins with $X_0$ instead of 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "moving_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def moving_average(X, window):
    """Means of `window` rows in a row.

    X: float (T, ...), T ≥ 1; window: int, 1 ≤ window ≤ T. Returns (T - window + 1, ...); row t is the mean of X[t], …, X[t + window - 1].
    """
    ### BEGIN SOLUTION
    S = X.double().cumsum(dim=0)
    S = torch.cat([torch.zeros_like(S[:1]), S])
    return ((S[window:] - S[:-window]) / window).to(X.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_moving_average", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check_equal(moving_average(torch.tensor([2.0, 4.0, 9.0, 5.0]), 2), torch.tensor([3.0, 6.5, 7.0]), "moving_average(X, 2)")
_X = torch.tensor([[1.0, 10.0], [5.0, 50.0], [3.0, 60.0], [7.0, 30.0]])
check_equal(moving_average(_X, 3), torch.tensor([[3.0, 40.0], [5.0, 140 / 3]]), "moving_average(X, 3) of two series side by side")
_wave = 1000 + torch.sin(torch.linspace(0.0, 700.0, 10000))
_means = moving_average(_wave, 5)
check_equal(_means[-2:], _wave[-6:].unfold(0, 5, 1).mean(dim=1), "the last two of 10,000 values near 1000, window 5,", rtol=1e-5)
check_promises(moving_average, _X, 2)

# %% [markdown]
# **See it.** Three years of temperatures, day by day, and what a week and a season make of them.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_temperatures", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# days = torch.arange(3 * 365.0)
# noise = moving_average(torch.randn(len(days) + 2, generator=torch.Generator().manual_seed(2)), 3)  # weather lasts a little
# temperature = 11 - 10 * torch.cos(2 * math.pi * days / 365) + 6 * noise
# figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
# axes.plot(days, temperature, color="lightgrey", linewidth=0.8, label="each day")
# for window, color in ((7, "tab:blue"), (91, "tab:red")):
#     middle = days[window // 2 : len(days) - window // 2]
#     axes.plot(middle, moving_average(temperature, window), color=color, linewidth=1.4, label=f"mean of {window} days")
# axes.set(xlabel="day", ylabel="temperature (°C)", title="The longer the window, the smoother the curve")
# axes.legend()
# axes.grid(alpha=0.3)
# plt.show()

# %% [markdown]
# ## 5 · Products and lengths
#
# ### 5.1 `matmul`
#
# *difficulty 4/5 · importance 5/5 · about 30 minutes · 12 points*
#
# Notes: 000 §1.1.3 · 001 tensor/线性代数 · 003 §5.3 · 004 线性代数
#
# Nearly all the arithmetic of deep learning is this one operation. Build it yourself, from nothing but `*` and `sum`:
#
# $$Z_{ij} = \sum_{l} X_{il}\, Y_{lj}$$
#
# Four kinds of it, and their shapes:
#
# | X | Y | result | called |
# |---|---|---|---|
# | $(n)$ | $(n)$ | $()$ | dot product (点积), one number |
# | $(\dots, m, n)$ | $(n)$ | $(\dots, m)$ | matrix times vector |
# | $(n)$ | $(\dots, n, p)$ | $(\dots, p)$ | vector times matrix |
# | $(\dots, m, n)$ | $(\dots, n, p)$ | $(\dots, m, p)$ | matrix product (矩阵乘法), or a batch of them |
#
# The dots stand for batch dimensions, as many as there are; those of X and Y broadcast, lined up **from the right**, as always. With $n =
# 0$ every sum is empty, and the result is 0.
#
# The idea: give X a dimension for $j$ and Y a dimension for $i$, multiply, and sum over $l$:
# $(\dots, m, n, 1) * (\dots, 1, n, p) \to (\dots, m, n, p)$, summed over $n$.
#
# **From scratch:** `@`, `matmul`, `mm`, `mv`, `dot`, `inner`, `vdot`, `bmm`, `addmm`, `addmv`, `baddbmm`, `addbmm`, `tensordot`,
# `einsum`, `linear`, `chain_matmul`, `multi_dot` and convolutions are off limits, and so is NumPy. **No loop**: the number
# of operations grows with none of the dimensions.
#
# **By hand.** `[1, 2] · [3, 4]` is 1·3 + 2·4 = 11. And `[[1, 2], [3, 4]]` times `[5, 6]` is `[17, 39]`: the vector meets the rows.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Two cases in one: make a matrix of each vector first. X of shape (n) becomes (1, n), Y of shape (n) becomes (n, 1). All four kinds are
# then matrix products; at the end take the ones away again.
# </details>
#
# <details><summary>Hint 2: the product</summary>
#
# `(X[..., :, :, None] * Y[..., None, :, :]).sum(dim=-2)`. The dots in `[...]` leave all batch dimensions as they are.
# </details>
#
# <details><summary>Hint 3: taking the ones away</summary>
#
# If X was a vector, the second dimension from the end is of size 1: `Z[..., 0, :]`. If Y was one, the last is: `Z[..., 0]`. In this order
# both together work too.
# </details>
#
# <details><summary>Help: right for some shapes, too few dimensions for others</summary>
#
# A bare `squeeze()` takes away *every* dimension of size 1, also those that are 1 by accident: m = 1, or a batch of one. Take away only
# the one that you have added.
# </details>


# %% nbgrader={"grade": false, "grade_id": "matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul(X, Y):
    """The product of vectors, matrices and batches of matrices.

    X: (n) or (..., m, n), Y: (n) or (..., n, p), of one dtype, float or int64; batch dimensions broadcast.
    Returns (), (..., m), (..., p) or (..., m, p), as torch.matmul does.
    """
    ### BEGIN SOLUTION
    x_is_vector, y_is_vector = X.ndim == 1, Y.ndim == 1
    if x_is_vector:
        X = X[None, :]
    if y_is_vector:
        Y = Y[:, None]
    Z = (X[..., :, :, None] * Y[..., None, :, :]).sum(dim=-2)
    if x_is_vector:
        Z = Z[..., 0, :]
    if y_is_vector:
        Z = Z[..., 0]
    return Z
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_matmul", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
_A, _B = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[1.0, -2.0], [3.0, 5.0], [2.0, 7.0]])
_x, _y = torch.tensor([2.0, -1.0, 3.0]), torch.tensor([5.0, 4.0])
check_equal(matmul(_x, torch.tensor([3.0, 4.0, 1.0])), torch.tensor(5.0), "vector times vector")
check_equal(matmul(_A, _x), torch.tensor([9.0, 21.0]), "matrix (2, 3) times vector (3,)")
check_equal(matmul(_y, _A), torch.tensor([21.0, 30.0, 39.0]), "vector (2,) times matrix (2, 3)")
check_equal(matmul(_y, torch.tensor([[1.0, 2.0], [4.0, 3.0]])), torch.tensor([21.0, 22.0]), "vector (2,) times matrix (2, 2)")
check_equal(matmul(_A, _B), torch.tensor([[13.0, 29.0], [31.0, 59.0]]), "matrix (2, 3) times matrix (3, 2)")
check_equal(matmul(torch.stack([_A, _B.T]), _B)[0], torch.tensor([[13.0, 29.0], [31.0, 59.0]]), "the first of a batch of two matrices, times a matrix")
check_equal(tuple(matmul(_A[:1], _B).shape), (1, 2), "the shape of (1, 3) times (3, 2)")
_batch, _batches = torch.stack([_A, 10 * _A]), torch.stack([torch.stack([_B, -_B]), torch.stack([_B, _B])])
check_equal(matmul(_batch, _batches)[:, 1, 0], torch.tensor([[-130.0, -290.0], [130.0, 290.0]]), "a part of (2, 2, 3) times (2, 2, 3, 2)")
check_promises(matmul, _A, _B)

# %% [markdown]
# ### 5.2 `p_norm`
#
# *difficulty 4/5 · importance 4/5 · about 30 minutes · 10 points*
#
# Notes: 000 §1.1.3 · 003 §5.4 · 004 线性代数
#
# How long is a vector? There is more than one answer. The **p-norm** (范数) is
#
# $$\lVert x\rVert_p = \Big(\sum_i |x_i|^p\Big)^{1/p} \quad (p \ge 1), \qquad \lVert x\rVert_\infty = \max_i |x_i|.$$
#
# p = 1 adds up the sizes, p = 2 is the ordinary length, and the larger p is, the more the largest entry decides. `dim` says along which
# dimension (an int, or a tuple of them) the entries are
# gathered; `None` means all entries of X, whatever its shape. `keepdim=True` keeps the dimensions that were gathered, with size 1.
#
# Three things to see to:
#
# * **large and small numbers.** In float32 $(10^{30})^2$ is infinite and $(10^{-30})^2$ is 0. But a common factor may be taken out,
#   $\lVert x\rVert_p = m\,\lVert x/m\rVert_p$. With $m = \max_i|x_i|$, each slice its own, the largest entry becomes 1 and nothing can go
#   wrong;
# * **zeros.** Where all entries of a slice are 0, the norm is 0, and its gradient is to be **0** too, never NaN;
# * **matrices.** This is the *entrywise* norm: a matrix is treated as one long vector. (You will also meet the *induced* norm, how much a
#   matrix can stretch a vector; for p = 1 that is the largest column sum. It is another number.)
#
# **From scratch:** all norms of PyTorch are off limits: `norm`, `vector_norm`, `matrix_norm`, `renorm`, `cdist`, `pdist`,
# `pairwise_distance`, `normalize`, `dist`, `hypot`.
#
# **By hand.** For x = (3, −4): ‖x‖₁ = 7, ‖x‖₂ = 5, ‖x‖∞ = 4.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Write the plain formula first: `(X.abs() ** p).sum(dim, keepdim=True) ** (1 / p)`, and `amax` for $p = \infty$. It earns a good part of
# the points. `p == math.inf` tells the cases apart.
# </details>
#
# <details><summary>Hint 2: large and small numbers</summary>
#
# `dim=None` first: `dim = tuple(range(X.ndim))` means the same. `m = X.abs().amax(dim=dim, keepdim=True)`, then the formula for `X.abs()
# / m`, times `m`. As a common factor `m` may be `.detach()`ed: the gradient is
# the same, for whatever m is, the product does not depend on it. (For $p = \infty$ it may not: there it is the result.)
# </details>
#
# <details><summary>Hint 3: zeros</summary>
#
# Where $m$ is 0, divide by 1 instead. The sum is still 0 there, and the slope of a root at 0 is infinite: the root must never *see* the
# zero. Fill it with 1 before the root, and the result with 0 after it.
# </details>
#
# <details><summary>Help: I see nan in the gradient only</summary>
#
# That is the root of 0: infinite slope times 0. `torch.where` after the root is too late.
# </details>


# %% nbgrader={"grade": false, "grade_id": "p_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def p_norm(X, p, dim=None, keepdim=False):
    """The entrywise p-norm along dim.

    X: float tensor of any shape, not empty; p: a number ≥ 1, or math.inf; dim: an int, a tuple of ints, or None for all dimensions.
    Returns the norms, without the dimensions `dim`, or with size 1 there if keepdim. The gradient of a slice of zeros is 0.
    """
    ### BEGIN SOLUTION
    dim = tuple(range(X.ndim)) if dim is None else dim
    size = X.abs()
    largest = size.amax(dim=dim, keepdim=True)
    if p == math.inf:
        result = largest
    else:
        m = largest.detach()
        zero = m == 0
        total = ((size / m.masked_fill(zero, 1)) ** p).sum(dim=dim, keepdim=True)
        result = m * total.masked_fill(zero, 1) ** (1 / p)
    return result if keepdim else result.squeeze(dim)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_p_norm", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
_x = torch.tensor([3.0, -4.0])
check_equal(p_norm(_x, 1), torch.tensor(7.0), "p_norm(x, 1)")
check_equal(p_norm(_x, 2), torch.tensor(5.0), "p_norm(x, 2)")
check_equal(p_norm(_x, math.inf), torch.tensor(4.0), "p_norm(x, math.inf)")
_X = torch.tensor([[1.0, -2.0, 2.0], [4.0, 0.5, -4.0]])
check_equal(p_norm(_X, 3, dim=1), torch.tensor([2.571282, 5.0413242]), "p_norm(X, 3, dim=1)")
check_equal(p_norm(_X, 1, dim=0, keepdim=True), torch.tensor([[5.0, 2.5, 6.0]]), "p_norm(X, 1, dim=0, keepdim=True)")
check_equal(p_norm(_X, 2, 1), torch.tensor([3.0, 5.678908]), "p_norm(X, 2, 1)")
check_equal(p_norm(1e30 * _x, 2), torch.tensor(5e30), "p_norm(1e30 * x, 2)")
check_promises(p_norm, _X, 2.5, 1)
_zeros = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
p_norm(_zeros, 2, dim=1).sum().backward()
check_equal(_zeros.grad, torch.tensor([[0.0, 0.0], [0.6, 0.8]]), "the gradient of p_norm(X, 2, dim=1) where the first row is (0, 0)")

# %% [markdown]
# **See it.** All points at distance 1 from the middle, for five ideas of distance. For p = 2 it is the circle that you know.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_unit_balls", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# side = torch.linspace(-1.25, 1.25, 401)
# points = torch.stack(torch.meshgrid(side, side, indexing="xy"), dim=-1)  # (401, 401, 2)
# figure, axes = plt.subplots(figsize=(5, 4.8), layout="constrained")
# for i, p in enumerate([1, 1.5, 2, 4, math.inf]):
#     color = plt.get_cmap("viridis")(i / 4.5)
#     axes.contour(side, side, p_norm(points, p, dim=-1), levels=[1], colors=[color], linewidths=2)
#     axes.plot([], [], color=color, linewidth=2, label="p = ∞" if p == math.inf else f"p = {p}")
# axes.set(xlabel="$x_1$", ylabel="$x_2$", title="Where the p-norm is 1", aspect="equal")
# axes.grid(alpha=0.3)
# axes.legend(loc="center")
# plt.show()

# %% [markdown]
# ## 6 · Squeezed and unfolded
#
# ### 6.1 `pca`
#
# *difficulty 3/5 · importance 4/5 · about 20 minutes · 9 points*
#
# Notes: 001 tensor/线性代数
#
# A picture of 8×8 pixels is a point in a space of 64 dimensions. But pictures of digits do not fill that space: neighbouring pixels go
# together, corners are always black. **Principal component analysis** (主成分分析) finds the $k$ directions
# in which the points are spread most, and describes each point by its $k$ coordinates along them.
#
# 1. **Centre** the points: subtract from each column its mean, $\bar X = X - \mu$.
# 2. The **singular value decomposition** (奇异值分解) $\bar X = U S V^\top$ finds the directions. The rows of $V^\top$ are of length 1, stand
#    at right angles, and come in order, largest spread first.
# 3. The first $k$ rows of $V^\top$ are the **components**, shape (k, d). The **coordinates** are $Z = \bar X \cdot
#    \text{components}^\top$, shape (n, k).
#
# A direction and its opposite are equally good, so the sign of each component is free.
#
# **From scratch**, nearly: `torch.linalg.svd`, `eigh` and `qr` are allowed, `@` too; `torch.pca_lowrank` and `torch.svd_lowrank`, which guess with
# random numbers, are off limits, and so are random numbers of your own. No gradient is asked for.
#
# **By hand.** The points (1, 1), (2, 2), (3, 3) have the mean (2, 2). All lie along the direction $(1, 1)/\sqrt 2$, the first component,
# with the coordinates $-\sqrt 2, 0, \sqrt 2$ (or all signs turned).
#
# <details><summary>Hint 1: a nudge</summary>
#
# `torch.linalg.svd(A, full_matrices=False)` gives three things: U, S and **V transposed** already.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# With `centred = X - X.mean(dim=0)` and `Vh` from its decomposition: the components are `Vh[:k]`, the coordinates `centred @ components.T`.
# </details>
#
# <details><summary>Help: I used eigh, and get the directions of least spread</summary>
#
# `torch.linalg.eigh` sorts from small to large: the largest come last. Turn the order with `.flip`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pca", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pca(X, k):
    """The k directions of largest spread, and the coordinates of the points along them.

    X: float (n, d), one point a row; k: int, 1 ≤ k ≤ min(n, d).
    Returns (components, Z): components (k, d) with orthonormal rows, largest spread first; Z (n, k) = (X - mean of each column) @ components.T.
    """
    ### BEGIN SOLUTION
    centred = X - X.mean(dim=0)
    _, _, Vh = torch.linalg.svd(centred, full_matrices=False)
    components = Vh[:k]
    return components, centred @ components.T
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pca", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
_X = torch.tensor([[1.0, 1.0, 5.0], [2.0, 2.0, 5.0], [3.0, 3.0, 5.0], [6.0, 6.0, 5.0]])
_before = _X.clone()
_components, _Z = pca(_X, 1)
check_equal(_components.abs(), torch.tensor([[0.7071068, 0.7071068, 0.0]]), "the sizes of the entries of the first component", atol=1e-4)
check_equal(_Z.abs(), torch.tensor([[2.828427], [1.414214], [0.0], [4.242641]]), "the sizes of the coordinates", atol=1e-4)
check_equal(_X.mean(dim=0) + _Z @ _components, _before, "the points, put together again from one coordinate each,", atol=1e-4)
check_equal(_X, _before, "X, after the call,")
_components, _Z = pca(torch.tensor([[3.0, 0.5], [-3.0, 0.5], [0.0, -1.0]], dtype=torch.float64), 2)
check_equal([tuple(_components.shape), tuple(_Z.shape)], [(2, 2), (3, 2)], "the shapes of components and coordinates for k = 2")
check_equal(_components.abs(), torch.eye(2, dtype=torch.float64), "the sizes of the entries of two components in float64", atol=1e-4)

# %% [markdown]
# **See it.** First every training digit as a point in the plane of its first two coordinates. Two numbers out of 64, and nobody told `pca`
# which digit is which: look how the classes find together all the same.
#
# Then the way back. From $k$ coordinates a picture is rebuilt as $\mu + Z \cdot \text{components}$. With 2 numbers it is a ghost; from 16
# on you can read it.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits_plane", "locked": true, "schema_version": 3, "solution": false, "task": false}
# import matplotlib.pyplot as plt
#
# X_train, y_train, X_test, y_test = digits()
# _, Z = pca(X_train.flatten(1), 2)
# figure, axes = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
# for digit in range(10):
#     mine = Z[y_train == digit]
#     axes.scatter(*mine.T, s=9, alpha=0.45, color=f"C{digit}")
#     axes.text(*mine.median(dim=0).values, str(digit), color=f"C{digit}", fontsize=16, fontweight="bold", ha="center", va="center",
#               bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": f"C{digit}", "alpha": 0.85})
# axes.set(xlabel="first coordinate", ylabel="second coordinate", title=f"{len(Z)} digits, 64 pixels each, squeezed into two numbers")
# axes.grid(alpha=0.3)
# plt.show()

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits_rebuilt", "locked": true, "schema_version": 3, "solution": false, "task": false}
# points = X_train.flatten(1)
# mean = points.mean(dim=0)
# rows, titles = [points[:10]], ["64 pixels"] + [""] * 9
# for k in (2, 8, 16, 32):
#     components, Z = pca(points, k)
#     rows.append((mean + Z[:10] @ components).clamp(0, 1))
#     left = ((points - mean - Z @ components) ** 2).sum() / ((points - mean) ** 2).sum()
#     titles += [f"{k}: {left:.0%} lost"] + [""] * 9
# show_images(torch.cat(rows).reshape(-1, 8, 8), titles, columns=10)

# %% [markdown]
# ## Written questions
#
# Marked by hand; together up to 8 points of extra credit.
#
# ### Written question 1: what standardizing does (up to 4 points)
#
# 1. Let $x_1, \dots, x_n$ have mean $\mu$ and population variance $\sigma^2 > 0$. Show that $x'_i = (x_i - \mu)/\sigma$ have mean 0 and
#    variance 1.
# 2. Which mean and which variance does a column of the *test* table have, when it is standardized with the $\mu$ and $\sigma$ of `train`?
# 3. Somebody standardizes with the mean and deviation of both tables stacked. What leaks, and why does it matter?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_standardization", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. Mean: $\frac1n\sum_i \frac{x_i-\mu}{\sigma} = \frac1\sigma\left(\frac1n\sum_i x_i - \mu\right) = \frac1\sigma(\mu - \mu) = 0$.
#    Variance, with this mean:
#    $\frac1n\sum_i (x'_i - 0)^2 = \frac{1}{\sigma^2}\cdot\frac1n\sum_i (x_i-\mu)^2 = \frac{\sigma^2}{\sigma^2} = 1$.
# 2. With mean $\mu_t$ and variance $\sigma_t^2$ of the test column: mean $(\mu_t - \mu)/\sigma$ and variance $\sigma_t^2/\sigma^2$. In
#    general the first is not 0 and the second is not 1.
# 3. The numbers of the test table (their mean and spread) flow into what the model is trained on. The test table is there to play flats
#    that nobody has seen: a result on it is then too good, and when real new flats
#    arrive, one by one, their statistics are not to be had.
#
# **Marking scheme.** 1 point: mean 0. 1 point: variance 1. 1 point: the test column has in general neither mean 0 nor variance 1 (the
# formulas are not needed). 1 point: the leak is named: information about the test table reaches the training.
# ### END SOLUTION

# %% [markdown]
# ### Written question 2: transposes and traces (up to 4 points)
#
# $A$ and $B$ are of shape $(m, n)$ in the first part, $A$ is of shape $(n, n)$ afterwards.
#
# 1. Show that $\operatorname{tr}(A^\top B) = \sum_{i,j} a_{ij} b_{ij}$: the entries of the Hadamard product $A \odot B$, summed.
# 2. Show that $A + A^\top$ is symmetric.
# 3. Show that $x^\top A x$ depends on $A$ only through $(A + A^\top)/2$.
# 4. In PyTorch, why is `A == A.T` no answer to the question whether $A$ is symmetric, while `(A == A.T).all()` is?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_transposes", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.**
#
# 1. $(A^\top B)_{jj} = \sum_i (A^\top)_{ji} b_{ij} = \sum_i a_{ij} b_{ij}$. The trace sums over $j$: $\sum_j\sum_i a_{ij}b_{ij}$.
# 2. $(A + A^\top)^\top = A^\top + (A^\top)^\top = A^\top + A$.
# 3. $x^\top A x$ is a number, so it equals its own transpose $x^\top A^\top x$. Half of each: $x^\top A x = \frac12 (x^\top A x + x^\top
#    A^\top x) = x^\top \frac{A + A^\top}{2}\, x$.
# 4. `A == A.T` compares entry by entry and gives a table of $n \times n$ answers, one for each pair $(i, j)$. The question is whether all
#    of them are true: `.all()` makes one answer of them. (`if A == A.T:` raises an error for that reason.)
#
# **Marking scheme.** One point each: the trace; the symmetry; the quadratic form; a table of answers against one answer.
# ### END SOLUTION

# %% [markdown]
# ## What you have now
#
# You can take a table as people leave it and hand a network two clean tensors; you know whose mean may be used and whose may not. And you
# have written, from `*` and `sum`, the product on which everything that follows is built. `standardize_features` and the
# least squares behind the first model return in ps04 as linear regression (线性回归), with `matmul` in every line of it; `p_norm` returns in
# ps07 as weight decay (权重衰减); `shares`, with an `exp` before it, in ps05 as softmax. Next comes ps03: how PyTorch finds gradients by
# itself.
