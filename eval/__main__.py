"""`python -m eval` is the command `huiwen eval`."""

from __future__ import annotations

import typer

from eval.cli import evaluate

if __name__ == "__main__":
    typer.run(evaluate)
