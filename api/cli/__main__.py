"""`python -m api.cli` is the command `vouchsafe`."""

from api.cli import main

main()
