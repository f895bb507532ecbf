"""Use cases: a module per aggregate, a function per command.

Each takes the application, the order (who, when, which command) and what it needs by keyword,
loads, decides and commits, and returns where it was recorded.
"""
