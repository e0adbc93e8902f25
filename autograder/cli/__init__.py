"""The command line: `autograder …`. One command a file; exit status 0 done, 2 bad use, 3 the grader itself could not work."""

from .main import main

__all__ = ["main"]
