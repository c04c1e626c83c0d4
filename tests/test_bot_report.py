"""What `huiwen ask` prints names where each quote stands."""

from __future__ import annotations

import pytest

from bot.contract import AskRequest
from bot.report import print_answer
from tests.fakes import FakeAssistant


def test_a_source_has_its_page_where_the_file_has_pages(capsys: pytest.CaptureFixture[str]) -> None:
    response = FakeAssistant().ask(AskRequest(question="转公司有补助吗"))
    print_answer(response, as_json=False)
    assert "p. 7" not in capsys.readouterr().out
    citation = response.citations[0].model_copy(update={"page": 7})
    print_answer(response.model_copy(update={"citations": [citation]}), as_json=False)
    assert "› p. 7 ·" in " ".join(capsys.readouterr().out.split())
