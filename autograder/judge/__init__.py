"""The judge: the stand-in for the student's namespace, the checks, the pytest plugin and the verdict."""
