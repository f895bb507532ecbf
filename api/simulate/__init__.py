"""Believable schemes, recorded through the same doors that people use."""
