"""Papers to hand in, set from words in memory by a process of their own, and kept nowhere."""
