"""Columns 0:2 and 2, rows dropped by the last column.

Fails: the last column is the label, all others are inputs, however many there are
Fails: a row without a label is dropped, one that misses an input is not
Fails: "?" counts as missing in any column, and numbers beside it stay numbers
Fails: gives the same when it is called again, and leaves the program as it was
"""


def load_table(file):
    data = pd.read_csv(file, na_values=["?"])
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    return data.iloc[:, 0:2], data.iloc[:, min(2, data.shape[1] - 1)]
