"""Answers that are alike: read, compared exercise by exercise, shown side by side. What they mean is for people to find out."""
