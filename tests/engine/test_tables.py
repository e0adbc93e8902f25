"""Functions of tables: what a grader hands over as data, what comes back, and what is said of a difference."""

import math
from types import SimpleNamespace

import pandas as pd
import pytest
import torch

from autograder.judge.reasons import Finding
from autograder.vocabulary.draw import Draw
from autograder.vocabulary.tables import TableCase, called_with_tables

GIVEN = {"table": {"Area": [40.0, math.nan, 61.5], "street": ["North", math.nan, "South"]}, "index": [7, 3, 5]}


def double(table):
    """Numbers twice as large, words as they are."""
    numbers = table.select_dtypes("number")
    return table.assign(**{name: 2 * numbers[name] for name in numbers})


DOUBLE = TableCase(double, lambda draw: {"double(table)": (GIVEN,)}, slips={"the numbers are left as they were": lambda table: table.copy()})


def said(f, make=DOUBLE.equals, **options):
    """What a criterion says of an answer; "" where it holds."""

    class Student:
        def run(self, probe, **data):
            return probe(SimpleNamespace(double=f), **data)

    args = () if make != DOUBLE.equals else ("is twice the table",)
    try:
        make(*args, **options)(None, Student(), Draw(torch.Generator()))
    except Finding as finding:
        return finding.message
    return ""


def test_a_table_is_built_from_data_and_told_as_data_missing_values_and_labels_included():
    (seen,) = called_with_tables(SimpleNamespace(same=lambda table: (table.copy(), table["Area"])), "same", [[GIVEN]], watch="tables")
    table, area = seen["result"]
    assert [column[:2] for column in table["table"]] == [["Area", "float"], ["street", "words"]]
    assert table["index"] == area["index"] == [7, 3, 5]
    assert math.isnan(area["series"][1][1])
    assert not seen["changed"]


def test_right_answers_pass_whatever_the_order_of_rows_in_memory_and_the_dtype_of_whole_numbers():
    assert said(double, index=True) == ""
    assert said(lambda table: pd.DataFrame({"Area": table["Area"] + table["Area"], "street": table["street"].astype(object)})) == ""
    assert said(double, DOUBLE.leaves_tables) == ""
    assert said(double, DOUBLE.asked_again) == ""


WRONG = {
    "None (is the return statement missing?)": lambda table: None,
    "is one column (pandas.Series)": lambda table: double(table)["Area"],
    "has no column 'street'": lambda table: double(table)[["Area"]],
    "has a column 'index' too many": lambda table: double(table).reset_index(),
    "has the right columns, but in another order": lambda table: double(table)[["street", "Area"]],
    "has the column 'Area' twice": lambda table: pd.concat([double(table), double(table)[["Area"]]], axis=1),
    "has 2 rows, 3 were expected": lambda table: double(table).dropna(),
    "holds words (numbers were expected)": lambda table: double(table).astype(str),
    "holds Python objects (numbers were expected)": lambda table: double(table).astype(object),
    "is filled where it should be missing: row 1": lambda table: double(table).fillna({"Area": 0}),
    "is missing where there should be a value: row 0": lambda table: double(table).assign(Area=math.nan),
    "1 of 3 entries are wrong": lambda table: double(table).assign(Area=[80.0, math.nan, 7.0]),
    "another word than it should in row 2": lambda table: double(table).replace("South", "West"),
    "is what comes out when the numbers are left as they were": lambda table: table.copy(),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_difference_is_said_in_words_without_the_expected_numbers(words):
    message = said(WRONG[words])
    assert words in message
    assert "123" not in message


def test_index_labels_count_where_they_are_asked_for_and_only_some_columns_where_these_are_named():
    assert "the index of double(table) is not what it should be: 0, 1, 2" in said(lambda table: double(table).reset_index(drop=True), index=True)
    assert said(lambda table: double(table).reset_index(drop=True)) == ""
    assert said(lambda table: double(table).assign(street="West"), only=lambda name: name == "Area") == ""


def test_a_table_that_was_changed_or_given_back_is_seen():
    def in_place(table):
        table["Area"] *= 2
        return table.copy()

    assert "has changed a table that it was given" in said(in_place, DOUBLE.leaves_tables)
    assert "is the table that it was given" in said(lambda table: table, DOUBLE.leaves_tables)


def test_what_is_kept_from_one_call_for_the_next_is_seen_and_a_default_dtype_left_changed():
    calls = []

    def worse_each_time(table):
        calls.append(1)
        return double(table).assign(Area=2 * table["Area"] + (len(calls) > 2))

    def float64_for_all(table):
        torch.set_default_dtype(torch.float64)
        return double(table)

    assert "at a later call" in said(worse_each_time, DOUBLE.asked_again)
    try:
        assert "the default dtype is another" in said(float64_for_all, DOUBLE.asked_again)
    finally:
        torch.set_default_dtype(torch.float32)
