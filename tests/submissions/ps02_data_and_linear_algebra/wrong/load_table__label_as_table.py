"""The label is a table of one column.

Fails: the last column is the label, all others are inputs, however many there are
"""


def load_table(file):
    data = pd.read_csv(file, na_values=["?"])
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    return data.iloc[:, :-1], data.iloc[:, -1:]
