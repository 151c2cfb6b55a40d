"""Labels inside a remark or a name: people wrote them, so they announce nothing (section 12)."""

from collections.abc import Iterable, Sequence

from kasa.domain.payments.banks.shapes import Part
from kasa.domain.payments.receipts.labels import LabelHit
from kasa.domain.payments.receipts.rows import Row
from kasa.domain.payments.recognition import Box

LINES_MAX = 6
LETTERS_MIN = 3
WRITTEN = frozenset({Part.REMARK, Part.FROM})
"""What the payer chose: a remark, or a name of their own."""

Hit = tuple[Part, LabelHit]


def quoted(rows: Sequence[Row], hits: Sequence[Hit]) -> tuple[LabelHit, ...]:
    """Return the labels that stand in the text of a remark or name, also where it goes on.

    So is what looks like a label behind one that nobody knows. A label that fills its column is one
    of its own: a remark may be empty, or stand beside it.
    """
    found = list(_behind_text(rows, hits))
    for part, hit in hits:
        if part in WRITTEN and hit not in found:
            found.extend(_inside(rows, hits, hit))
        if part is Part.TO and hit not in found:
            found.extend(
                one
                for other, one in hits
                if other is part
                and one.row == hit.row
                and one.start >= hit.end
                and not _fills(rows[hit.row], one)
            )
    return tuple(dict.fromkeys(found))


def _behind_text(rows: Sequence[Row], hits: Sequence[Hit]) -> Iterable[LabelHit]:
    """Return labels that begin a value whose own label is not known, among labelled rows."""
    first = min((hit.row for _, hit in hits), default=len(rows))
    beginnings = {hit.row for _, hit in hits if hit.start < len(rows[hit.row].segments[0].words)}
    for _, hit in hits:
        row = rows[hit.row]
        text = sum(letter.isalpha() for letter in row.segments[0].text)
        unknown = hit.row not in beginnings and text >= LETTERS_MIN
        if unknown and hit.row > first and not _fills(row, hit):
            yield hit


def _inside(rows: Sequence[Row], hits: Sequence[Hit], remark: LabelHit) -> Iterable[LabelHit]:
    row = rows[remark.row]
    after = row.words[remark.end :]
    own = [one for _, one in hits if one.row == remark.row and one.start >= remark.end]
    below = rows[remark.row + 1] if remark.row + 1 < len(rows) else None
    wrapped = below is not None and below.left > remark.box.left + row.height
    yield from (one for one in own if wrapped or not _fills(row, one))
    value = [word for word in after if any(letter.isalnum() for letter in word.text)]
    if not value:
        yield from _under(rows, hits, remark)
        return
    last = row
    for index in range(remark.row + 1, min(len(rows), remark.row + LINES_MAX)):
        line = rows[index]
        near = line.middle - last.middle <= 3 * max(line.height, last.height)
        if not near or line.left < value[0].box.left - line.height:
            return
        yield from (one for _, one in hits if one.row == index)
        last = line


def _under(rows: Sequence[Row], hits: Sequence[Hit], remark: LabelHit) -> Iterable[LabelHit]:
    """Return labels on the line below an empty remark that begin a sentence there."""
    index = remark.row + 1
    if index >= len(rows):
        return
    line, row = rows[index], rows[remark.row]
    near = line.middle - row.middle <= 3 * max(line.height, row.height)
    if near and len(line.segments) == 1:
        yield from (one for _, one in hits if one.row == index and not _fills(line, one))


def _fills(row: Row, hit: LabelHit) -> bool:
    """Tell whether a label is the whole of its column."""
    words = row.words[hit.start : hit.end]
    return any(
        segment.words[0] is words[0] and segment.words[-1] is words[-1] for segment in row.segments
    )


def holds(place: Box, box: Box) -> bool:
    """Tell whether the middle of a box lies in a place."""
    across = box.left + box.width // 2 - place.left
    down = box.top + box.height // 2 - place.top
    return 0 <= across <= place.width and 0 <= down <= place.height
