"""What a question wrongly takes for granted is put right first: that it is not written here, and whose figure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.evidence import Evidence, Premise
from bot.verify import Line, markers
from ingest.model import LegalStatus
from prompts.phrases import PremisePhrases

_INNER = str.maketrans("“”", "‘’")  # quotation marks within a quotation


def correct(
    premises: Sequence[Premise], numbers: Mapping[str, int], words: PremisePhrases
) -> tuple[list[Line], list[tuple[int, Evidence]]]:
    """A line for each false premise, and the other places' clauses that these cite, with their numbers.

    Args:
        premises: what a question takes for granted.
        numbers: the citation's number of each clause that is cited already, by its id.
        words: how it is worded.
    """
    lines: list[Line] = []
    cited: list[tuple[int, Evidence]] = []
    nowhere: list[Premise] = []
    for one in premises:
        if one.holds:
            continue
        if one.here:
            number = numbers.get(one.here.clause.id)
            lines += [_set_otherwise(one, one.here, number, words)] if number else []
        elif one.evidence and one.elsewhere:
            number = len(numbers) + len(cited) + 1
            cited.append((number, one.evidence))
            draft = one.evidence.document.status is LegalStatus.DRAFT
            text = (words.elsewhere_draft if draft else words.elsewhere).format(
                figure=one.text, place=one.place.name, other=one.elsewhere.name, markers=markers([number])
            )
            lines.append(Line(text, (number,), "premise"))
        else:
            nowhere.append(one)
    if nowhere:
        typed = "、".join(one.text for one in nowhere)
        lines.append(Line(words.nowhere.format(figure=typed, place=nowhere[0].place.name), kind="premise"))
    return lines, cited


def _set_otherwise(one: Premise, here: Evidence, number: int, words: PremisePhrases) -> Line:
    """The clause that grants sets another condition, or none of this kind."""
    instead = words.instead_draft if here.document.status is LegalStatus.DRAFT else words.instead
    form = words.unsaid if one.unsaid else instead
    quoted = one.instead.translate(_INNER)
    text = form.format(figure=one.text, place=one.place.name, words=quoted, markers=markers([number]))
    return Line(text, (number,), "premise")
