"""The tree of a document's units while it grows: which are open, and what a label's number says."""

from __future__ import annotations

from ingest.labels import LONGEST_STEP, STYLES, Label
from ingest.lines import Paragraph
from ingest.model import ClauseKind
from ingest.units import Unit

_NESTED = STYLES[: STYLES.index("chinese") + 1]  # these nest in this order, whatever came first


class Tree:
    """The units so far, those still open, and the attachment that they belong to."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.open: list[Unit] = []  # from the outermost labelled unit to the innermost
        self.attachment: Unit | None = None
        self.last_number: dict[str, int] = {}
        self.warnings: list[str] = []

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
            unit.section += sum(1 for other in self.units if other.is_twin_of(unit))
        self.open.append(unit)
        self.units.append(unit)
        self.last_number[label.style] = label.number

    def begin_attachment(self, line: str, number: str) -> None:
        """Everything that follows belongs to this attachment."""
        self.leave_body()
        self.last_number = {}
        self.attachment = self.add(ClauseKind.ATTACHMENT, line, f"附件{number}")

    def leave_body(self) -> None:
        """What follows belongs to none of the units so far."""
        self.open, self.attachment = [], None

    def is_next(self, label: Label) -> bool:
        """Whether a label's number follows from the last one of its style, or begins a new run."""
        return label.number in (1, self.last_number.get(label.style, 0) + 1)

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
