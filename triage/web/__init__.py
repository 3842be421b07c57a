"""The web: the ranked queue, a case with its reasons, and what staff do with it."""
