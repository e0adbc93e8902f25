"""dropna with a subset, and a list for the result."""


def load_table(file):
    df = pd.read_csv(file, na_values=["?", "NA", ""])
    df = df.dropna(subset=[df.columns[-1]]).reset_index(drop=True)
    return [df[df.columns[:-1]], df[df.columns[-1]]]
