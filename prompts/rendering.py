"""How the templates in `templates/` are read: everything escaped, a name that nobody gave is an error."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def template_environment() -> Environment:
    """A Jinja environment on the templates."""
    return Environment(
        loader=PackageLoader("prompts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
