"""A caller who leaves over real HTTP: what works for nobody ends, and the model is hung up on."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.api import create_api
from tests.browsing import serve
from tests.corpus_fixture import Corpus
from tests.model_server import ModelServer, Script, open_with_model, serving

SENTENCE = "首次转成企业、稳定经营2年以上、没有不良信用记录的，一次性补助10万元。[1]"
ASKED = {"question": "把店变成公司，旗里给钱不？", "jurisdiction": "达拉特旗", "stream": True}


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def url(corpus: Corpus, model: ModelServer) -> Iterator[str]:
    huiwen = open_with_model(corpus, model, model_first_token=60.0, model_gap=60.0, model_timeout=60.0)
    service = create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, metrics=huiwen.metrics)
    with serve(service) as address:
        yield address


def leave_after(url: str, event: str, path: str = "/api/ask", body: dict[str, object] | None = None) -> None:
    """Ask, and hang up once an event has come."""
    with httpx.Client(timeout=60) as client, client.stream("POST", url + path, json=body or ASKED) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        for line in response.iter_lines():
            if event in line:
                return


@pytest.mark.parametrize(
    "script", [Script(silent=True), Script(SENTENCE * 50, pause=0.02)], ids=["while it is silent", "while it speaks"]
)
def test_the_model_is_hung_up_on_when_the_caller_leaves(url: str, model: ModelServer, script: Script) -> None:
    model.play(script)
    leave_after(url, "event: delta")
    assert model.left.wait(50)


def test_who_stays_hears_all_of_it(url: str, model: ModelServer) -> None:
    model.play(Script(SENTENCE))
    text = httpx.post(f"{url}/api/ask", json=ASKED, timeout=60).text
    assert text.index("event: citation") < text.index("event: delta") < text.index("event: done")
    assert '"composer":"model"' in text


def test_the_figures_are_shown(url: str, model: ModelServer) -> None:
    text = httpx.get(f"{url}/metrics", timeout=60).text
    assert "huiwen_answers_total" in text
    assert "huiwen_model_calls_total" in text
