"""Tells people by mail what follows from events: each message at least once, and nothing in it about anybody else."""
