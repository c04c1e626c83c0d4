"""What every test stands on: no network, no settings of the developer's, no index but its own."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# Set before any test module imports a library that reads them; sockets are kept in by pytest-socket (pyproject.toml).
for name in [name for name in os.environ if name.startswith("HUIWEN_") or name in {"HOST", "PORT"}]:
    del os.environ[name]
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    TOKENIZERS_PARALLELISM="false",
)

from ingest.settings import Settings  # noqa: E402 - after the environment is clean

# Half of the usual examples, and the same in each run: the suite is run often, and what fails must fail again for who
# looks into it. How long an example takes says nothing on a machine that does other things too.
# Others are tried by `pytest --hypothesis-profile=search`.
hypothesis_settings.register_profile("often", max_examples=50, deadline=None, derandomize=True)
hypothesis_settings.register_profile("search", max_examples=500, deadline=None)
hypothesis_settings.load_profile("often")

pytest_plugins = ["tests.chat_fixture", "tests.corpus_fixture"]


@pytest.fixture(autouse=True, scope="session")
def isolated_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Points the index and the answer log at temporary folders and leaves a developer's .env unread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIWEN_ANSWER_LOG", f"sqlite:///{tmp_path_factory.mktemp('data')}/answers.db")
        patch.setenv("HUIWEN_INDEX", str(tmp_path_factory.mktemp("index")))
        patch.setitem(Settings.model_config, "env_file", None)
        yield


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep what was imported, some million objects, out of every garbage collection that follows."""
    gc.collect()
    gc.freeze()
