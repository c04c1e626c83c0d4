"""`python -m bot` is the command `huiwen`."""

from bot.cli import app

app()
