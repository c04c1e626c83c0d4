"""What is declared, what is installed and what is promised fit together."""

from __future__ import annotations

import ast
import re
import shlex
import socket
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version
from typer.core import TyperGroup

from ingest.settings import ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ("ingest", "bot", "prompts", "eval")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
EXTRAS = [Requirement(line) for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines]
DIRECT = RUNTIME + [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]

READMES = ("README.md", "README.zh.md", "docs/operate.md", "docs/operate.zh.md")
SETTINGS = {"HUIWEN_" + name.upper() for name in Settings.model_fields}


def read_locked() -> dict[NormalizedName, Version]:
    """The version that this machine gets of each package; torch's build is the Makefile's."""
    pinned = [Requirement(line) for line in LOCK.splitlines() if "==" in line]
    versions = {
        canonicalize_name(requirement.name): Version(str(requirement.specifier).removeprefix("=="))
        for requirement in pinned
        if requirement.marker is None or requirement.marker.evaluate()
    }
    torch = re.search(r"^TORCH \?= torch==([\d.]+)", MAKEFILE, re.MULTILINE)
    assert torch is not None
    return versions | {canonicalize_name("torch"): Version(torch[1])}


def read_imports(package: str) -> Iterator[tuple[str, str]]:
    """Each file of a package with the name of each top-level module that it imports."""
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(file), alias.name.partition(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield str(file), node.module.partition(".")[0]


def read_commands(readme: str) -> list[list[str]]:
    """The shell commands that stand as code in a README, as words, without variables set before them."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    lines = [part for line in "\n".join(blocks + spans).splitlines() for part in re.split(r"&&|;|\|", line)]
    starts = [re.match(r"\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\S*/)?((?:make|huiwen)(?: .*)?)$", line) for line in lines]
    return [shlex.split(start[1], comments=True) for start in starts if start]


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_lock_holds_direct_dependency(requirement: Requirement) -> None:
    assert requirement.specifier.contains(read_locked()[canonicalize_name(requirement.name)])


def test_lock_names_no_package_for_a_graphics_card() -> None:
    assert [name for name in read_locked() if re.search("nvidia|cuda|triton", name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_are_declared(package: str) -> None:
    declared = {canonicalize_name(requirement.name) for requirement in RUNTIME + EXTRAS}
    distributions = packages_distributions()
    known = {*PACKAGES, *sys.stdlib_module_names}
    foreign = {(file, name) for file, name in read_imports(package) if name not in known}
    undeclared = {
        (file, name)
        for file, name in foreign
        if declared.isdisjoint(canonicalize_name(distribution) for distribution in distributions.get(name, [name]))
    }
    assert undeclared == set()


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_targets_that_exist(readme: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    words = [word for program, *words in read_commands(readme) if program == "make" for word in words]
    promised = {word for word in words if "=" not in word and not word.startswith("-")}
    assert promised
    assert promised <= targets


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_commands_that_exist(readme: str) -> None:
    (script,) = entry_points(group="console_scripts", name="huiwen")
    huiwen = typer.main.get_command(script.load())
    assert isinstance(huiwen, TyperGroup)
    for words in (words for program, *words in read_commands(readme) if program == "huiwen" and words):
        command = huiwen.commands[words[0]]
        options = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        promised = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert promised <= options | {"--help"}, words


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_settings_that_exist(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert set(re.findall(r"\bHUIWEN_[A-Z_]*[A-Z]", text)) <= SETTINGS


def test_network_is_out_of_reach() -> None:
    with (
        socket.socket() as connection,
        pytest.warns(UserWarning, match=r"192\.0\.2\.1"),
        pytest.raises(RuntimeError, match=r"192\.0\.2\.1"),
    ):
        connection.connect(("192.0.2.1", 80))  # an address reserved for documentation
