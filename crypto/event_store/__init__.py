"""Events sealed on their way in and opened on their way out, in one total order."""
