"""What simulated people do: one module for each part of a scheme's life, each step through the public API."""
