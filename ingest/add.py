"""Files and folders are copied into the corpus, where the next build finds them, and files are removed from it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.corpus import list_files
from ingest.errors import SettingsError
from ingest.manifest import drop_row
from ingest.settings import Settings


def add_files(paths: Sequence[Path], settings: Settings) -> None:
    """Copy files, and what lies in folders under the folder's name, into the corpus; of one name the new one stays.

    A symbolic link is copied as such, so that the report names it. What lies in the corpus already stays where it is.

    Raises:
        SettingsError: a path is not there, or the corpus cannot be written.
    """
    documents = (settings.corpus / "documents").resolve()
    outside = [path for path in paths if not path.resolve().is_relative_to(documents)]
    for source, name in [pair for path in outside for pair in _find(path)]:
        target = documents / name
        fresh = target.with_name(f".{secrets.token_hex(8)}.new")  # a build that reads meanwhile passes it over
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, fresh, follow_symlinks=False)
            fresh.replace(target)
        except (OSError, shutil.SpecialFileError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SettingsError(
                f"{source}: cannot be copied into {documents} ({reason}); mend that and run again"
            ) from error
        finally:
            fresh.unlink(missing_ok=True)


def remove_file(name: str, settings: Settings) -> None:
    """Delete one file of documents/, by its name there, with its row of the manifest.

    Raises:
        SettingsError: it is not there, or cannot be deleted.
        ManifestError: the manifest cannot be read.
    """
    documents = settings.corpus / "documents"
    path = documents / name
    if not path.resolve().is_relative_to(documents.resolve()) or not path.is_file():
        raise SettingsError(f"{name}: is no file of {documents}; look at what lies there")
    try:
        path.unlink()
        drop_row(settings.corpus / "manifest.csv", name)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be deleted ({error.strerror}); check the folder's permissions") from error


def _find(path: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file with the name that it gets in the corpus."""
    if not path.exists() and not path.is_symlink():
        raise SettingsError(f"{path}: there is no such file or folder; check the path")
    if not path.is_dir() or path.is_symlink():
        yield path, Path(path.name)
        return
    root = path.resolve()
    yield from ((file, root.name / file.relative_to(root)) for file in list_files(root))
