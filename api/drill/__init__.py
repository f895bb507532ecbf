"""The restore drill: shows, with made-up people and a real backup, that an erasure outlives a restore."""
