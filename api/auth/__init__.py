"""Who is calling: scoped tokens issued on the command line, exchanged by a browser for a session."""
