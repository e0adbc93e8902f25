"""With else at the end."""


def tokenize(lines, token='word'):
    if token == 'word':
        result = [line.split() for line in lines]
    elif token == 'char':
        result = [[c for c in line] for line in lines]
    else:
        raise ValueError('unknown token type: ' + token)
    return result
