"""Messages between the judge and the sandbox: frames of bytes, values as data, calls with autograd across the line."""
