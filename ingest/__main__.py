"""`python -m ingest` builds the index."""

import typer

from ingest.cli import ingest

typer.run(ingest)
