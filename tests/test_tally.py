"""What was asked, counted."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from bot.answer_log import AskedBriefly
from bot.tally import Tally, tally, write_csv
from prompts.desk_messages import load_desk_messages

WORDS = load_desk_messages()
LAST = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)  # noon in China

ASKED = st.lists(
    st.builds(
        AskedBriefly,
        asked_at=st.integers(0, 6).map(lambda days: NOON - timedelta(days=days)),
        question=st.sampled_from(["补助多少", "补助，多少？", "=1+1", "歇业"]),
        jurisdiction=st.sampled_from([None, "150621"]),
        status=st.sampled_from(["answered", "no_basis", "partial"]),
        notices=st.lists(st.sampled_from(["draft", "expired"]), max_size=3),
        verdict=st.sampled_from([None, "up", "down"]),
    ),
    max_size=30,
)


def count(asked: list[AskedBriefly]) -> Tally:
    return tally(asked, LAST - timedelta(days=6), LAST, lambda code: code or "—", lambda text: text[:1])


@given(ASKED)
def test_every_question_is_counted_once(asked: list[AskedBriefly]) -> None:
    counted = count(asked)
    for counts in (counted.by_day, counted.by_place, counted.by_topic, counted.by_status, counted.by_vote):
        assert sum(counts.values()) == len(asked) == counted.total
    assert sum(one.count for one in counted.unanswered) == sum(one.status != "answered" for one in asked)
    assert counted.warned == sum(bool(one.notices) for one in asked)


def test_one_question_in_two_spellings_is_one_row() -> None:
    asked = [AskedBriefly(NOON, text, "150621", "no_basis", [], None) for text in ("补助，多少？", "补助多少")]
    (row,) = count(asked).unanswered
    assert (row.count, row.place, row.last) == (2, "150621", LAST)


def test_no_cell_is_a_formula() -> None:
    asked = [AskedBriefly(NOON, '=HYPERLINK("x")', None, "no_basis", ["draft"], "down")]
    text = write_csv(count(asked), WORDS.figures, WORDS.answer).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert '\'=HYPERLINK("x")' in cells
    assert not any(cell.startswith("=") for cell in cells)
