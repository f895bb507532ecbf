"""Erasing a person: the order, the journal that outlives the database, and the carrying out."""
