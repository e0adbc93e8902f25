"""By regular expressions."""


import re

def tokenize(lines, token="word"):
    if token not in ("word", "char"):
        raise ValueError("token should be 'word' or 'char'")
    pattern = re.compile(r"\S+" if token == "word" else r".", re.DOTALL)
    out = []
    for line in lines:
        out.append(pattern.findall(line))
    return out
