"""How templates are read: those of pages in `templates/`, those of the language model in `compose/`.

A name that nobody gave is an error.
"""

from __future__ import annotations

import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined

_DIGEST = 12  # characters of a digest
# What could end a tag, or be taken for the number of a source, becomes its full-width likeness.
_HARMLESS = str.maketrans("<>[]", "＜＞［］")


def template_environment() -> Environment:
    """A Jinja environment on the pages' templates: everything is escaped."""
    return Environment(
        loader=PackageLoader("prompts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Prompts:
    """What the language model is told: the files in `compose/`, with what versions them."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("prompts", "compose"),
            autoescape=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            finalize=lambda value: value.translate(_HARMLESS) if isinstance(value, str) else value,
        )
        self.digest = self._digest()

    def render(self, name: str, **values: object) -> str:
        """A template with its values; no value can end the tag that it stands in."""
        return self._environment.get_template(f"{name}.md").render(values).strip()

    def _digest(self) -> str:
        """The first digits of the SHA-256 of all templates."""
        loader, environment = self._environment.loader, self._environment
        assert loader is not None
        sources = (loader.get_source(environment, name)[0] for name in sorted(loader.list_templates()))
        return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:_DIGEST]
