"""Sealed bytes: how they are made, whose keys open them, where they are kept, how they are proved."""
