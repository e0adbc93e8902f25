"""The first column is the label.

Fails: the last column is the label, all others are inputs, however many there are
Says: the first column is taken
"""


def load_table(file):
    data = pd.read_csv(file, na_values=["?"])
    data = data[data.iloc[:, 0].notna()].reset_index(drop=True)
    return data.iloc[:, 1:], data.iloc[:, 0]
