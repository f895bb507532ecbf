"""Matching, pure: who may be proposed to whom, how well it suits both, why, and why not."""
