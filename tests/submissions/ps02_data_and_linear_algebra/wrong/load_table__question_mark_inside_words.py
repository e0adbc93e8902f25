"""Every value with a "?" in it is taken for missing.

Fails: the last column is the label, all others are inputs, however many there are
"""


def load_table(file):
    data = pd.read_csv(file, na_values=["?"])
    for name in data.columns:
        if not pd.api.types.is_numeric_dtype(data[name]):
            data[name] = data[name].where(~data[name].astype(str).str.contains("?", regex=False))
    data = data[data.iloc[:, -1].notna()].reset_index(drop=True)
    return data.iloc[:, :-1], data.iloc[:, -1]
