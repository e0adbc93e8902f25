"""The first file is kept for ever.

Fails: the last column is the label, all others are inputs, however many there are
"""


def load_table(file):
    global _first_table
    try:
        return _first_table
    except NameError:
        data = pd.read_csv(file, na_values=["?"])
        data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
        _first_table = data.iloc[:, :-1], data.iloc[:, -1]
        return _first_table
