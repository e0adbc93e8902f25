"""For authors: building notebooks from their text."""
