"""What the clerk does: errands that are run once each, what follows from events, and what falls due."""
