"""Pops the label column after a mask has cut the rows."""


def load_table(file):
    data = pd.read_csv(file, na_values="?")
    label = data.columns[-1]
    data = data.loc[~data[label].isnull()]
    data.index = range(len(data))
    y = data.pop(label)
    return data, y
