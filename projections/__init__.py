"""Read models: each shows one thing to one kind of reader and can be rebuilt from nothing."""
