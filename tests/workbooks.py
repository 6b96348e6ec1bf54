"""Makes workbooks from XML by hand, as no library would write them, and reads files through the real child."""

from __future__ import annotations

import io
import tempfile
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from policygraph.records.tables.reading import IDLE, LIMITS, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policygraph.graph.confine import Limits
    from policygraph.records.raw import Raw

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
# Number formats of the styles in their order, as sheets.yaml lists them.
FORMATS = [0, 14, 31, 165, 9, 166, 167, 20, 168, 169, 49, 170, 171]
CODES = ['yyyy"年"m"月"d"日"', "0.0%", '0"%"', "yyyy-mm-dd h:mm:ss", "[h]:mm", r"[Red]0.00_);\(0.00\)", '#,##0.00"元"']
QUOTED = {'"': "&quot;"}
SHARED = (
    "<si><t>张三</t></si><si><r><rPr><b/></rPr><t>张三</t></r><r><t>丰</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si>"
    f"<si><t>一_x000D__x005F_x0041_😀</t></si><si><t>{'长' * 32_768}</t></si>"
)


def relation(number: int, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}" {more}/>'


def parts(
    *sheets: str, names: tuple[str, ...] = ("表一", "表二", "表三"), states: tuple[str, ...] = (), date1904: bool = False
) -> dict[str, str]:
    """Return the parts of a workbook with these sheets, as XML."""
    numbers = range(1, len(sheets) + 1)
    states += ("visible",) * len(sheets)
    overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}worksheet+xml"/>' for n in numbers)
    listed = "".join(f'<sheet name="{names[n - 1]}" sheetId="{n}" state="{states[n - 1]}" r:id="rId{n}"/>' for n in numbers)
    codes = "".join(f'<numFmt numFmtId="{n}" formatCode="{escape(c, QUOTED)}"/>' for n, c in enumerate(CODES, 165))
    related = "".join(relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f"{relation(90, 'styles', 'styles.xml')}{relation(91, 'sharedStrings', '/xl/sharedStrings.xml')}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
        + "".join(f'<xf numFmtId="{n}"/>' for n in FORMATS)
        + "</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{SHARED}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": sheets[n - 1] for n in numbers},
    }


def sheet(cells: str, before: str = "", after: str = "", prefix: str = "") -> str:
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    data = f"<{prefix}sheetData>{cells}</{prefix}sheetData>"
    return f'<?xml version="1.0" encoding="UTF-8"?><{prefix}worksheet {name}="{MAIN}">{before}{data}{after}</{prefix}worksheet>'


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(*sheets: str, **options: Any) -> bytes:
    return zipped(parts(*sheets, **options))


def read(data: bytes, form: str, limits: Limits = LIMITS, idle: float = IDLE) -> list[Raw]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return list(read_table(file, form, "表.x", limits, idle))
