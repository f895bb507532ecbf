"""Pages that update while they are looked at: told that something changed and up to where, never what."""
