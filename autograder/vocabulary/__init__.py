"""What grader files are written in: draw, case, promise, layer, slip, part, goal. One concept a file; `docs/authoring.md` shows each by an example."""
