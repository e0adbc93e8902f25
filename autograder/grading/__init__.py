"""Grading one submission: the course, the worker that judges, and the grader that asks it."""
