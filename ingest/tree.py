"""The tree of a document's units while it grows: which are open, and what a label's number says."""

from __future__ import annotations

from collections import Counter

from ingest.labels import LONGEST_STEP, STYLES, Label, normal_figures, write_number
from ingest.lines import Paragraph
from ingest.model import ClauseKind
from ingest.units import ARTICLE, KUAN, Unit

_NESTED = STYLES[: STYLES.index("chinese") + 1]  # these nest in this order, whatever came first


class Tree:
    """The units so far, those still open, and the attachment that they belong to."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.open: list[Unit] = []  # from the outermost labelled unit to the innermost
        self.attachment: Unit | None = None
        self.last_number: dict[str, int] = {}
        self.last_inserted = 0  # of the last article: 第十二条之一
        self._kuan = 1  # paragraphs of the article that is open
        self.warnings: list[str] = []
        self._twins: Counter[tuple[Unit | None, str, str]] = Counter()  # units outside of others, by place and number

    @property
    def current(self) -> Unit | None:
        """The unit that was begun last."""
        return self.units[-1] if self.units else None

    @property
    def kind(self) -> ClauseKind | None:
        """What the current unit is."""
        return self.current.kind if self.current else None

    def add(self, kind: ClauseKind, line: str, label: str = "") -> Unit:
        """Begin a unit without a number of its own."""
        parent = self.open[-1] if self.open else self.attachment
        unit = Unit(kind, label or Unit.name_of(kind), lines=[line], parent=parent)
        self.units.append(unit)
        return unit

    def extend(self, text: str) -> None:
        """The current unit goes on."""
        self.units[-1].lines.append(text)

    def add_labelled(self, label: Label, paragraph: Paragraph) -> None:
        """Begin a numbered unit, at the level that its style has among the open ones."""
        self._close_to(label.style)
        if not self.is_next(label):
            last = self.last_number.get(label.style, 0)
            self.warnings.append(
                f"line {paragraph.line}: number {label.text} follows {last}; see whether a number is missing or twice"
            )
        parent = self.open[-1] if self.open else self.attachment
        unit = Unit(ClauseKind.CLAUSE, label.text, label.style, [paragraph.text], parent)
        if not self.open:
            twin = (unit.parent, unit.label, unit.style)
            unit.section += self._twins[twin]
            self._twins[twin] += 1
        self.open.append(unit)
        self.units.append(unit)
        self.last_number[label.style] = label.number
        self.last_inserted = label.inserted if label.style == ARTICLE else self.last_inserted
        self._kuan = 1 if label.style == ARTICLE else self._kuan

    def add_kuan(self, text: str) -> None:
        """Begin the next paragraph without a number of the article that is open."""
        article = next(number for number, unit in enumerate(self.open) if unit.style == ARTICLE)
        del self.open[article + 1 :]
        self._kuan += 1
        unit = Unit(ClauseKind.CLAUSE, f"第{write_number(self._kuan)}款", KUAN, [text], self.open[-1])
        self.open.append(unit)
        self.units.append(unit)

    def begin_attachment(self, line: str, number: str) -> None:
        """Everything that follows belongs to this attachment."""
        self.leave_body()
        self.last_number = {}
        self.attachment = self.add(ClauseKind.ATTACHMENT, line, f"附件{normal_figures(number)}")

    def leave_body(self) -> None:
        """What follows belongs to none of the units so far."""
        self.open, self.attachment = [], None

    def is_next(self, label: Label) -> bool:
        """Whether a label's number follows from the last one of its style, or begins a new run."""
        last = self.last_number.get(label.style, 0)
        return label.number in (1, last + 1) or (label.number == last and label.inserted == self.last_inserted + 1)

    def counts(self, label: Label, paragraph: Paragraph) -> bool:
        """Whether a label numbers a unit here, or only looks like one."""
        if not label.weak or paragraph.marked or self.is_next(label):
            return True
        last = self.last_number.get(label.style)
        return last is not None and last < label.number <= last + LONGEST_STEP

    def _close_to(self, style: str) -> None:
        styles = [unit.style for unit in self.open]
        if style in styles:
            del self.open[styles.index(style) :]
        elif style in _NESTED:
            below = [s not in _NESTED or _NESTED.index(s) > _NESTED.index(style) for s in styles]
            del self.open[below.index(True) if True in below else len(below) :]
