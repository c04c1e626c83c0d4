"""What a question wrongly takes for granted is put right first: that it is not written here, and whose figure it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence import Evidence
from bot.premise import Premise
from bot.verify import Line, markers
from prompts.phrases import PremisePhrases


def correct(
    premises: Sequence[Premise], first: int, words: PremisePhrases
) -> tuple[list[Line], list[tuple[int, Evidence]]]:
    """A line for each false premise, and the other places' clauses that these cite, with their numbers.

    Args:
        premises: what a question takes for granted.
        first: the number of the next citation.
        words: how it is worded.
    """
    lines: list[Line] = []
    cited: list[tuple[int, Evidence]] = []
    for one in premises:
        if one.holds:
            continue
        place = one.place.name
        if one.evidence and one.elsewhere:
            number = first + len(cited)
            cited.append((number, one.evidence))
            text = words.elsewhere.format(
                figure=one.text, place=place, other=one.elsewhere.name, markers=markers([number])
            )
            lines.append(Line(text, (number,), "premise"))
        else:
            lines.append(Line(words.nowhere.format(figure=one.text, place=place), kind="premise"))
    return lines, cited
