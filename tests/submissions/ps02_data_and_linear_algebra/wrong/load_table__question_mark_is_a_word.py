""""?" is left as text.

Fails: "?" counts as missing in any column, and numbers beside it stay numbers
Says: holds words
"""


def load_table(file):
    data = pd.read_csv(file)
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    return data.iloc[:, :-1], data.iloc[:, -1]
