"""Process managers: pure functions from an event to the commands that follow from it."""
