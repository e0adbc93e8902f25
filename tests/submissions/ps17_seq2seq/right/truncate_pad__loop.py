"""With a loop, on a copy."""

def truncate_pad(line, num_steps, padding_token):
    result = list(line)
    while len(result) > num_steps:
        result.pop()
    while len(result) < num_steps:
        result.append(padding_token)
    return result
