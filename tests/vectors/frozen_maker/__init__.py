"""Frozen samples of every stored format: what is in `tests/vectors/frozen/` must open for ever."""
