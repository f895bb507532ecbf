"""Benchmarks: ratios measured side by side in one run, since no machine is quiet for long."""
