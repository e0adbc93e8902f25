"""An exercise alone: its reference, with all other exercises of the notebook left unsolved. What others lack must cost it nothing (`parts=` lends them)."""

import ast


def unsolved(name: str, source: str) -> str:
    """The solution cell of an exercise as a student leaves it who did not begin: calling it raises NotImplementedError."""
    defined = next((node for node in ast.parse(source).body if getattr(node, "name", "") == name), None)
    if isinstance(defined, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, defined.bases))
        return f"class {name}({bases}):\n    def __init__(self, *args, **kwargs):\n        raise NotImplementedError\n"
    if isinstance(defined, ast.FunctionDef):
        return f"def {name}(*args, **kwargs):\n    raise NotImplementedError\n"
    return source
