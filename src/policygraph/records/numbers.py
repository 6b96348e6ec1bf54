"""Numbers in cells: what they mean under their field's unit and their column's, and columns in which that is not clear."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from policygraph.model.terms import Literal
from policygraph.records import complaints as say
from policygraph.records.complaints import Complaint, complain, forms
from policygraph.records.quantities import Misread, Quantity, Unit, measure, plain, unit_of
from policygraph.vocab import UNIT, XSD

if TYPE_CHECKING:
    from policygraph.errors import Text
    from policygraph.records.codebook import CodeBook
    from policygraph.records.kinds import Field
    from policygraph.records.raw import Cell

_BRACKETED = re.compile(r"[（(](?P<unit>[^（）()]*)[）)]\s*$")
_STORED = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?")
_INTEGER_DIGITS, _FRACTION_DIGITS = 15, 6


class UnitWatch:
    """Watches the numbers of one column: bare ones beside 万元 have no clear unit.

    Args:
        column_unit: Unit that the heading states, '' if none; a stated one settles what bare numbers mean.
    """

    def __init__(self, column_unit: str = "") -> None:
        self._stated = bool(column_unit)
        self._bare = False
        self._other = ""

    @property
    def mixed(self) -> bool:
        """Whether bare numbers stand beside numbers with another unit."""
        return self._bare and bool(self._other)

    def see(self, cell: Cell) -> None:
        """Take note of a cell of the column."""
        if not self._stated and not self.mixed:
            bare, other = _bare(cell)
            self._bare, self._other = self._bare or bare, self._other or other

    def complaint(self, cell: Cell, field: Field, codes: CodeBook) -> Complaint | None:
        """Return what is to be said of a cell once all were seen, None if its unit is clear."""
        if not self.mixed or not _bare(cell)[0]:
            return None
        mending = say.STATE_UNIT.format(forms=forms(field, codes))
        return complain(cell.text, say.MIXED, mending, other=say.quoted(self._other))


def _bare(cell: Cell) -> tuple[bool, str]:
    """Say whether a cell is a number without a unit, and return it if it has 万 or the like; 0 is 0 in every unit."""
    if cell.sort == "number":
        return not cell.percent and bool(cell.text.strip("0.-")), ""
    found = measure(cell.text) if cell.sort == "text" else None
    if not isinstance(found, Quantity) or found.ordinal:
        return False, ""
    return not found.words and not found.scaled and found.value != 0, cell.text if found.scaled else ""


def stored(cell: Cell, field: Field, codes: CodeBook, column_unit: str) -> Literal | Complaint:
    """Read a cell that holds a number, not words."""
    if not _STORED.fullmatch(cell.text):
        return complain(cell.text, say.NO_NUMBER, forms(field, codes))
    value = Decimal(cell.text)
    if not cell.percent:
        return _quantity(cell.text, Quantity(value), field, codes, column_unit)
    if unit_iri(field, codes) != UNIT.FRACTION:
        return complain(f"{plain(value.scaleb(2))}%", say.NO_SHARE, forms(field, codes))
    return _literal(cell.text, value, field, codes)


def typed(text: str, field: Field, codes: CodeBook, column_unit: str) -> Literal | Complaint:
    """Read a number that is typed as words."""
    found = measure(text)
    if isinstance(found, Misread):
        return say.no_number(text, found, forms(field, codes))
    return _quantity(text, found, field, codes, column_unit)


def fits(unit: Unit, field: Field, codes: CodeBook) -> bool:
    """Say whether words of a unit are those of a field, or of its unit in another multiple; a period only if the field states it."""
    if unit.share:
        return unit_iri(field, codes) == UNIT.FRACTION
    own = unit_of(_own_words(field))
    named = not unit.word or unit.word == own.word or unit_iri(field, codes) in codes.units(unit.word)
    return named and unit.period in {"", own.period}


def unit_iri(field: Field, codes: CodeBook) -> str:
    """Return the unit of a field: that of its shape, else the one that its name has in brackets, '' if neither."""
    return field.unit or min(codes.units(unit_of(_own_words(field)).word), default="")


def _own_words(field: Field) -> str:
    match = _BRACKETED.search(field.name.zh) or _BRACKETED.search(field.name.en)
    return match["unit"] if match else ""


def _quantity(shown: str, found: Quantity, field: Field, codes: CodeBook, column_unit: str) -> Literal | Complaint:
    unit, value, heading = unit_iri(field, codes), found.value, unit_of(column_unit)
    wrong: Text | None = None
    if found.ordinal and unit != say.RANK:
        wrong = say.NO_RANK
    elif unit == UNIT.YR:
        value = Decimal(found.year) if found.year else value
        wrong = say.SHORT_YEAR if 0 <= value < 1000 else None
    elif found.year and not value:
        wrong = say.NO_NUMBER
    elif found.unit.share:
        value = value.scaleb(found.unit.power)
        wrong = say.NO_SHARE if unit != UNIT.FRACTION else None
    if wrong is None and not fits(found.unit, field, codes):
        wrong = say.OTHER_UNIT
    if wrong is not None:
        return complain(shown, wrong, forms(field, codes), unit=say.quoted(found.words))
    if unit == UNIT.FRACTION and not found.unit.share:
        return _share(shown, value, heading, field, codes)
    if not found.words and not found.scaled:
        value = value.scaleb(heading.power)
    return _literal(shown, value, field, codes)


def _share(shown: str, value: Decimal, heading: Unit, field: Field, codes: CodeBook) -> Literal | Complaint:
    """Read a bare number for a share: above 1 it may be a percentage, and below 1 it may be a fraction under a heading with %."""
    whole, fraction, hundreds = plain(value), plain(value.scaleb(-2)), plain(value.scaleb(2))
    if heading.share and value and abs(value) <= 1:
        sign = say.PERCENT_SIGN.format(percent=whole, hundreds=hundreds)
        return complain(shown, say.SMALL_PERCENT, sign, percent=whole, hundreds=hundreds)
    if not heading.share and abs(value) > 1:
        sign = say.WITH_SIGN.format(percent=whole, fraction=fraction)
        return complain(shown, say.BARE_SHARE, sign, percent=whole, fraction=fraction)
    return _literal(shown, value.scaleb(heading.power), field, codes)


def _literal(shown: str, value: Decimal, field: Field, codes: CodeBook) -> Literal | Complaint:
    digits = plain(value)
    whole, _, fraction = digits.lstrip("-").partition(".")
    if len(whole) > _INTEGER_DIGITS or len(fraction) > _FRACTION_DIGITS:
        return complain(shown, say.TOO_LONG, say.ROUND_IT.format(forms=forms(field, codes)))
    if field.datatype == XSD.integer and fraction:
        return complain(shown, say.NOT_WHOLE, forms(field, codes))
    return Literal(digits, field.datatype)
