"""What the operator is told fits what is there: files, settings, fields, metrics."""

from __future__ import annotations

import configparser
import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

from bot.metrics import Metrics
from ingest.settings import ROOT, Settings, variable_of

DOCS = (ROOT / "docs" / "operate.md", ROOT / "docs" / "operate.zh.md")
DEPLOY = sorted((ROOT / "docs" / "deploy").iterdir())
SETTINGS = {variable_of(name) for name in Settings.model_fields}


@pytest.mark.parametrize("file", [*DOCS, *DEPLOY], ids=lambda file: file.name)
def test_every_variable_named_is_a_setting(file: Path) -> None:
    named = set(re.findall(r"HUIWEN_[A-Z_]*[A-Z]", file.read_text(encoding="utf-8")))
    assert named <= SETTINGS


def test_both_languages_tell_the_same() -> None:
    english, chinese = (
        sorted(set(re.findall(r"`([\w./-]*[A-Za-z_/]{4,}[\w./-]*)`", file.read_text(encoding="utf-8"))))
        for file in DOCS
    )
    assert english == chinese


@pytest.mark.parametrize("doc", DOCS, ids=lambda file: file.name)
def test_links_lead_to_files(doc: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", doc.read_text(encoding="utf-8"))
    assert {file.name for file in DEPLOY if file.suffix in (".service", ".conf", ".yaml")} <= {
        Path(link).name for link in links
    }
    assert all((doc.parent / link).exists() for link in links)


@pytest.mark.parametrize("doc", DOCS, ids=lambda file: file.name)
def test_the_first_account_is_made_before_the_first_start(doc: Path) -> None:
    """A service whose HUIWEN_STAFF names a file without accounts does not start, and both examples set it."""
    steps = doc.read_text(encoding="utf-8")
    assert "HUIWEN_STAFF=" in (ROOT / "docs/deploy/huiwen.env").read_text(encoding="utf-8")
    assert 0 < steps.find("bin/huiwen staff NAME") < steps.find("systemctl enable")
    (command,) = re.findall(r"`(docker compose .*? huiwen staff NAME)`", steps)
    assert command in (ROOT / "docs/deploy/compose.yaml").read_text(encoding="utf-8")


def test_every_metric_is_told() -> None:
    names = {family.name for family in Metrics().registry.collect()}
    for doc in DOCS:
        told = set(re.findall(r"`(huiwen_\w+?)(?:_total)?`", doc.read_text(encoding="utf-8")))
        assert told == names


def test_compose_holds_what_it_promises() -> None:
    compose = yaml.safe_load((ROOT / "docs/deploy/compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["huiwen"]
    assert set(service["depends_on"]) == {"chroma", "postgres"}
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    assert service["environment"]["HUIWEN_TRUSTED_PROXIES"] == network["gateway"]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    used = {volume.partition(":")[0] for one in compose["services"].values() for volume in one["volumes"]}
    assert used == set(compose["volumes"])
    context = (ROOT / "docs/deploy" / service["build"]["context"]).resolve()
    assert (context / service["build"]["dockerfile"]).exists()
    locked = re.search(r"^chromadb==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert locked
    assert compose["services"]["chroma"]["image"].endswith(f":{locked[1]}")


def test_the_image_has_no_root_and_says_whether_it_is_well() -> None:
    stages = (ROOT / "docs/deploy/Dockerfile").read_text(encoding="utf-8").split("\nFROM ")
    assert len(stages) == 3  # what stands before the first, and two stages
    assert re.search(r"^USER (?!0|root)\S+", stages[-1], re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*(\\\n.*)*/readyz", stages[-1], re.MULTILINE)
    written = set(re.findall(r"HUIWEN_\w+=(?:sqlite:///)?(/\S+)", stages[-1]))
    assert written
    assert all(path.startswith("/data") for path in written)


def test_the_unit_runs_our_commands_as_nobody_in_particular() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "docs/deploy/huiwen.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/huiwen serve")
    assert service["User"] == "huiwen"
    assert service["ProtectSystem"] == "strict"
