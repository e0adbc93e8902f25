""""?" becomes NaN, but the column stays one of Python objects.

Fails: "?" counts as missing in any column, and numbers beside it stay numbers
May fail: a row without a label is dropped, one that misses an input is not
"""


def load_table(file):
    data = pd.read_csv(file).astype(object).replace("?", None)
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    for name in data.columns:
        if not data[name].isna().any():
            data[name] = data[name].infer_objects()
    return data.iloc[:, :-1], data.iloc[:, -1]
