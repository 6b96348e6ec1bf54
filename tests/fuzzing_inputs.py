"""Generated inputs for the readers: from a grammar of tables, and by mutating templates and examples. Same seed, same bytes."""

from __future__ import annotations

import io
import json
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pyoxigraph as ox

from policygraph.model.terms import local_name
from policygraph.records.forms import Forms, load_forms
from policygraph.records.templates.delimited import write_delimited
from policygraph.records.templates.layout import lay_out
from policygraph.records.templates.plainjson import write_json
from policygraph.records.templates.workbook import write_workbook
from policygraph.store.embedded import EmbeddedStore
from policygraph.vocab import XSD
from submitting import standard
from workbooks import parts, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from policygraph.records.kinds import Field, Kind

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
TABLES = ("csv", "tsv", "json", "jsonl", "xlsx")
GRAPHS = ("turtle", "ntriples", "trig", "jsonld", "rdfxml")
_OX = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "trig": ox.RdfFormat.TRIG, "rdfxml": ox.RdfFormat.RDF_XML}

NOTHINGS = (
    *("无", "没有", "暂无", "不详", "未知", "待定", "N/A", "不适用", "-", "——", "/", "\\", "none", "nil", "?", "？", "TBD", " ", "\u3000"),
)
NUMBERS = (
    *("0", "1", "-1", "3", "12", "2024", "100000", "10万", "10 万元", "￥1,000.00", "¥3.5亿", "1,00", "1.2.3", "60%", "百分之六十", "6‰"),
    *("1e5", "1E999999999", "1e-400", "9" * 16, "9" * 70, "0." + "3" * 40, "-0", "+5", "00012", "0x1F", "NaN", "Infinity", "-Infinity"),
    *("²", "½", "①", "٣", "３", "〇", "壹拾万", "二〇二四", "一百零"),
    *("两千万亿", "3万5", "约10万", "5人", "3元/月", "第一名", "No.2", "#1"),
    *("2024年", "十", "亿", "万万", "1 000 000", "1,000,00", ".5", "5.", "1。5", "−7", "10^5", "3/4", "1:2", "2^31", "٪5", "₿1"),
)
DAYS = (
    *("2024-09-20", "2024/9/20", "2024年9月20日", "二〇二四年九月二十日", "20240920", "2024.9.20", "20/9/2024", "9/20/2024", "24-9-20"),
    *("2024-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "2024-13-01", "2024-09", "2024年", "45555", "1", "-1", "2958466"),
    *("2024-09-20T10:30:00", "2024-09-20 10:30", "今天", "2024-09-20至2024-09-21", "Sept 20, 2024", "２０２４－０９－２０", "٢٠٢٤-٠٩-٢٠"),
)
HOSTILE = (
    *("\x00", "\x07铃", "a\x1b[31mb", "\u200b", "a\u200bb", "\u202e倒"),
    *("\ufeff", "\u2028", "\x85", "\ufffe", "\U0010ffff", "\ue000", "e\u0301"),
    *("\u1100\u1161", "ﬁ", "😀👨‍👩‍👧", "𠮷", "\u3164", "{shown}", "{}", "{0.__class__}"),
    *("%s%n", "{", "}}", "${x}", "=1+1", "@SUM(A1)", "+cmd|' /C'!A0"),
    *("<script>", "</si>", "]]>", "&amp;", "&#0;", "_x0000_", "_xD800_"),
    *("../../etc/passwd", "'; DROP TABLE", '"', '""', "'", "a\r\nb", "\t", "\\"),
    *("https://w3id.org/policygraph/core#Receipt", "<https://x/>", "http://["),
    *("urn:x", "#REF!", "#N/A", "true", "FALSE", "是", "否", "√", "×"),
    *("、", "；；", "a、b;c,d", "(" * 50, "（（（元）））", "，" * 200, "示例"),
    *("example", "序号", "\u0300" * 300, "ß" * 20, "İ", "ŉ", "\u0345", "ͅΐ"),
)
BLOCKS = ((0x20, 0x7F), (0x80, 0x250), (0x300, 0x370), (0x600, 0x700), (0x1100, 0x1200), (0x2000, 0x2070))
MORE_BLOCKS = ((0x2150, 0x2190), (0x3000, 0x3040), (0x3400, 0x9FFF), (0xAC00, 0xD7A4), (0xE000, 0xE010), (0xF900, 0xFB07), (0xFE00, 0xFFFF))
HIGH_BLOCKS = ((0x1F600, 0x1F650), (0xE0000, 0xE007F))
NOISE = (
    *("*", " ", "\u3000", "（必填）", "（万元）", "(元)", "（%）", "：", ":", "1", "\n", "“", "（", "必填", "/", "_", "-"),
    *("\u200b", "{x}", "，万元", " in 万元"),
)
MARKS = ("{", "}", "[", "]", "(", ")", '"', "<", ">", ",", ";", ".", "^^", "@", ":", "_:b", "\\u")
VALUES = ("0", "1", "45555", "45555.5", "-3", "0.6", "1e30", "1E+400", "2024-09-20", "#REF!", "2958466", "60", "61.99999", "")
PIECES = (b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b'"', b"\\u", b"\x1a", b"\xf4\x90\x80\x80")
_ROW = b"</sheetData>"
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|[\w@:.-]+|\s+|.', re.DOTALL)


@dataclass(frozen=True)
class Input:
    """One input: its form, what its file is called without ending, what the caller says of its kind, and its bytes."""

    form: str
    stem: str
    kind: str
    data: bytes


class Inputs:
    """Draws inputs.

    Args:
        workbooks: How many kinds' spreadsheets to mutate; writing a template takes a third of a second.
    """

    def __init__(self, workbooks: int = 1000) -> None:
        self.forms: Forms = load_forms(EmbeddedStore(standard().graph), standard().roots)
        self.kinds = self.forms.kinds
        self.records = [kind for _, kind in sorted(self.kinds.items()) if kind.is_record]
        self._templates: dict[str, list[bytes]] = {form: [] for form in TABLES}
        self._books: list[dict[str, bytes]] = []
        for number, kind in enumerate(self.records):
            of = lay_out(kind, self.forms)
            for language in ("zh", "en"):
                text = write_delimited(of, language)
                self._templates["csv"].append(text.encode())
                self._templates["tsv"].append(text.replace(",", "\t").encode())
                self._templates["json"].append(write_json(of, language).encode())
                lines = [json.dumps(r, ensure_ascii=False) for r in json.loads(write_json(of, language))["records"]]
                self._templates["jsonl"].append("\n".join(lines).encode())
            if number < workbooks:
                written = zipfile.ZipFile(io.BytesIO(write_workbook(of, ("zh", "en")[number % 2], "0" * 64)))
                self._books.append({name: written.read(name) for name in written.namelist()})
        self._graphs = _graphs()
        self._tokens = {form: sorted({t for text in texts for t in _TOKEN.findall(text)}) for form, texts in self._graphs.items()}
        self._sorted: dict[str, dict[str, list[str]]] = {}
        self._makers: dict[str, Callable[[Random], bytes]] = {
            "csv": lambda r: self._delimited(r, "csv"),
            "tsv": lambda r: self._delimited(r, "tsv"),
            "json": lambda r: self._json(r),
            "jsonl": lambda r: self._json_lines(r),
            "xlsx": self._workbook,
            **{form: lambda r, f=form: self._graph(r, f) for form in GRAPHS},  # type: ignore[misc]
        }

    def draw(self, form: str, chance: Random) -> Input:
        """Draw an input of a form."""
        kind = chance.choice(self.records)
        stem = chance.choice(("表", "表", kind.label.zh, kind.short, "a{b}"))
        stated = chance.choice(("", "", "", kind.short, kind.label.en))
        self._own = kind if chance.random() < 0.9 else chance.choice(self.records)
        return Input(form, stem.replace("/", "-"), stated if form in TABLES else "", self._makers[form](chance))

    # ---------------------------------------------------------------- cells and headings
    def value(self, chance: Random, field: Field | None) -> str:
        """Draw the words of a cell, mostly such as its field might have."""
        roll = chance.random()
        if roll < 0.05:
            return chance.choice(NOTHINGS)
        if roll < 0.12:
            return _hostile(chance)
        if roll < 0.2:
            return _mutated_words(chance, self.value(chance, field))
        if roll < 0.25 or field is None:
            return chance.choice(chance.choice((NUMBERS, DAYS, HOSTILE)))
        if field.code_list and field.codes:
            code = chance.choice(field.codes)
            names = [*self.forms.book.names(code), code, code.rpartition("/")[2], code.rpartition("#")[2]]
            word = chance.choice(names)
            return f"{word}{chance.choice('、;，')}{chance.choice(names)}" if chance.random() < 0.1 else word
        pool = {XSD.date: DAYS, XSD.boolean: ("是", "否", "true", "0", "√"), XSD.integer: NUMBERS, XSD.decimal: NUMBERS}.get(field.datatype)
        return chance.choice(pool) if pool and chance.random() < 0.7 else field.example or "甲"

    def heading(self, chance: Random, kind: Kind) -> tuple[str, Field | None]:
        """Draw a heading of a kind's table, and the field it should be."""
        roll = chance.random()
        field = chance.choice(kind.fields)
        if roll < 0.04:
            return chance.choice(("序号", "No.", "编号", "申报种类", "kind", "所属序号", "#", "@type", "@id", "种类")), None
        if roll < 0.08:
            return _hostile(chance), None
        if roll < 0.1:
            field = chance.choice(chance.choice(self.records).fields)
        name = self._name(chance, field)
        if field.row_class in self.kinds and chance.random() < 0.9:
            inner = chance.choice(self.kinds[field.row_class].fields)
            number = chance.choice(("1", "2", "3", "", "0", "999", "1000", "１", "²", "一", "-1"))
            joint = chance.choice(("：", ": ", ":", ".", "-", "", "\n"))
            name, field = f"{name}{chance.choice((' ', '', '#', '第'))}{number}{joint}{self._name(chance, inner)}", inner
        return _noisy(chance, name), field

    def _name(self, chance: Random, field: Field) -> str:
        if chance.random() < 0.05:
            return f"{field.name.zh}{chance.choice((chr(10), '/', ' ', '('))}{field.name.en}"
        return chance.choice((field.name.zh, field.name.zh, field.name.en, local_name(field.path), *field.synonyms))

    def _headings(self, chance: Random, kind: Kind) -> list[tuple[str, Field | None]]:
        if chance.random() < 0.5:  # a sound table, so that its cells are what is tried
            own = chance.sample(kind.fields, chance.randint(1, len(kind.fields)))
            found: list[tuple[str, Field | None]] = [(chance.choice((f.name.zh, f.name.en)), f) for f in own]
            return [("序号", None), *found] if chance.random() < 0.5 else found
        return [self.heading(chance, kind) for _ in range(chance.choice((1, 2, 5, 9, 20)))]

    def _grid(self, chance: Random, kind: Kind, child: bool = False) -> list[list[str]]:
        """Draw a sheet of words: lines above, headings, rows."""
        headings = self._headings(chance, kind)
        if child:
            headings = [("所属序号", None), *headings]
        above = [[chance.choice(("单位：万元", kind.label.zh, "", _hostile(chance)))] for _ in range(chance.choice((0, 0, 0, 1, 3, 14)))]
        rows = [[h for h, _ in headings]]
        if chance.random() < 0.2:
            rows.append([f.name.en if f else chance.choice(("No.", "")) for _, f in headings])
        for number in range(1, chance.choice((1, 2, 3, 6, 20, 60)) + 1):
            row = [self.value(chance, f) if chance.random() < 0.8 else "" for _, f in headings]
            for place, (heading, field) in enumerate(headings):
                if field is None and heading in {"序号", "所属序号", "No."}:
                    row[place] = chance.choice((str(number), str(number), "1", "", "示例", "一"))
                elif field is None and heading in {"申报种类", "kind", "种类", "@type"}:
                    row[place] = chance.choice((kind.label.zh, chance.choice(self.records).short, "", "不存在"))
            rows.append(row[: chance.randint(0, len(row))] if chance.random() < 0.05 else row)
        return above + rows

    # ---------------------------------------------------------------- delimited files
    def _delimited(self, chance: Random, form: str) -> bytes:
        if chance.random() < 0.3:
            data = chance.choice(self._templates[form])
            grid_line = ",".join(_quoted(chance, self.value(chance, None)) for _ in range(chance.randint(1, 30)))
            data += (grid_line if form == "csv" else grid_line.replace(",", "\t")).encode("utf-8", "replace") + b"\r\n"
            data = data.replace("示例".encode(), b"1") if chance.random() < 0.7 else data
        else:
            delimiter = chance.choice((",", ",", ";", "，", "\t")) if form == "csv" else chance.choice(("\t", "\t", ","))
            end = chance.choice(("\r\n", "\n", "\r", "\n\r"))
            lines = [delimiter.join(_quoted(chance, words, delimiter) for words in row) for row in self._grid(chance, self._own)]
            text = chance.choice(("", "", "", "sep=;\n", '"sep=\t"\r\n')) + end.join(lines) + chance.choice((end, ""))
            text = text.replace("\0", "") if chance.random() < 0.95 else text
            encoding = chance.choice((*("utf-8",) * 9, "utf-8-sig", "gb18030", "gb18030", "utf-16", "utf-16-le", "latin-1", "big5"))
            data = text.encode(encoding, "replace")
        return _mutated(chance, data, 0.15)

    # ---------------------------------------------------------------- JSON
    def _json(self, chance: Random) -> bytes:
        if chance.random() < 0.3:
            data = chance.choice(self._templates["json"])
            data = data.replace(b'"example": true', b'"example": false') if chance.random() < 0.8 else data
            return self._mutated_text(chance, data, "jsonld", 0.7)
        records = [self._object(chance, self._own) for _ in range(chance.choice((1, 1, 1, 2, 5, 5, 0)))]
        named = (self._own.short, self._own.label.zh, self._own.iri) if chance.random() < 0.9 else ("不存在", "")
        kind = _dumped(chance, chance.choice(named))
        match chance.randint(0, 12):
            case 0 | 5:
                text = f"[{','.join(records)}]"
            case 1:
                text = "".join(records)
            case 2:
                text = f'{{"records":[{",".join(records)}],"种类":{kind}}}'
            case 3:
                text = f'{{"kind":{kind},"记录":[{",".join(records)}],"records":[]}}'
            case _:
                text = f'{{"kind":{kind},"records":[{",".join(records)}]}}'
        return self._mutated_text(chance, text.encode("utf-8", "surrogatepass"), "jsonld", 0.25)

    def _json_lines(self, chance: Random) -> bytes:
        if chance.random() < 0.2:
            data = chance.choice(self._templates["jsonl"]).replace(b'"example": true', b'"example": false')
        else:
            lines = [self._object(chance, self._own) for _ in range(chance.choice((1, 1, 2, 5, 12)))]
            data = chance.choice(("\n", "\r\n", "\n\n")).join(lines).encode("utf-8", "surrogatepass")
        return self._mutated_text(chance, data, "jsonld", 0.25)

    def _object(self, chance: Random, kind: Kind, depth: int = 0) -> str:
        members = []
        if depth == 0 and chance.random() < 0.7:
            named = chance.choice((kind.short, kind.short, kind.label.zh, chance.choice(self.records).short) * 5 + ("不存在", ""))
            members.append(f'"{chance.choice(("@type", "kind", "种类"))}":{_dumped(chance, named)}')
        for heading, field in self._headings(chance, kind):
            if field and field.row_class in self.kinds and depth < chance.choice((1, 1, 1, 3)):
                rows = [self._object(chance, self.kinds[field.row_class], depth + 1) for _ in range(chance.randint(0, 3))]
                value = f"[{','.join(rows)}]" if len(rows) != 1 or chance.random() < 0.5 else rows[0]
            else:
                value = self._json_value(chance, field)
            members.append(f"{_dumped(chance, heading)}:{value}")
        return "{" + ",".join(members) + "}"

    def _json_value(self, chance: Random, field: Field | None) -> str:
        match chance.randint(0, 30):
            case 0:
                return chance.choice(("true", "false", "null", "{}", "[]", '{"a":1}', "[[1]]", "NaN", '"\\ud800"', '"\\u0000"', '"\\x"'))
            case 1 | 3 | 4 | 5:
                return chance.choice(("0", "-0", "1e5", "1E400", "-1.5e-7", "0.1", "1" * 20, "1e-99", "9" * 80, "2024", "60"))
            case 2 | 6:
                return "[" + ",".join(self._json_value(chance, field) for _ in range(chance.randint(0, 4))) + "]"
        return _dumped(chance, self.value(chance, field))

    # ---------------------------------------------------------------- workbooks
    def _workbook(self, chance: Random) -> bytes:
        members = dict(chance.choice(self._books)) if chance.random() < 0.35 else self._made_book(chance)
        if chance.random() < 0.7:  # what was an example is a record
            members = {name: content.replace("示例".encode(), b"1").replace(b">example<", b">1<") for name, content in members.items()}
        first = next(name for name in members if name.startswith("xl/worksheets/sheet"))
        if chance.random() < 0.5:  # rows below the template's own
            rows = "".join(self._row(chance, n, [self.value(chance, None) for _ in range(chance.randint(1, 12))]) for n in range(4, 7))
            members[first] = members[first].replace(_ROW, rows.encode("utf-8", "replace") + _ROW)
        for _ in range(chance.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 3))):
            name = chance.choice(sorted(members))
            members[name] = self._mutated_text(chance, members[name], "rdfxml", 1)
        if chance.random() < 0.06:
            del members[chance.choice(sorted(members))]
        if chance.random() < 0.04:
            name = chance.choice(sorted(members))
            members[name] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + members[name]
        return _mutated(chance, _zipped(chance, members), 0.08)

    def _made_book(self, chance: Random) -> dict[str, bytes]:
        kind = self._own
        tables = [f for f in kind.fields if f.row_class in self.kinds]
        names, sheets = [chance.choice((kind.label.zh, kind.label.en, "Sheet1", "表", "a{b}"))], [self._sheet(chance, kind)]
        for field in tables[: chance.randint(0, len(tables))]:
            names.append(chance.choice((field.name.zh, field.name.zh, field.name.en)))
            sheets.append(self._sheet(chance, self.kinds[field.row_class], child=True))
        if chance.random() < 0.3:
            other = chance.choice(self.records)
            names.append(chance.choice((other.label.zh, "说明", "代码", "Sheet3", "\u200b", names[0])))
            sheets.append(self._sheet(chance, other))
        states = tuple(chance.choice(("visible",) * 40 + ("hidden", "hidden", "veryHidden", "x")) for _ in sheets)
        made = parts(*sheets, names=tuple(escape(n, {'"': "&quot;"}) for n in names), states=states, date1904=chance.random() < 0.1)
        made["xl/sharedStrings.xml"] = made["xl/sharedStrings.xml"].replace("长" * 1000, "")
        return {name: text.encode("utf-8", "replace") for name, text in made.items()}

    def _sheet(self, chance: Random, kind: Kind, child: bool = False) -> str:
        rows = "".join(self._row(chance, n, words) for n, words in enumerate(self._grid(chance, kind, child), 1))
        after = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B2:B4"/></mergeCells>' if chance.random() < 0.1 else ""
        return sheet(rows, after=after, prefix=chance.choice(("", "", "", "x:"))) if chance.random() < 0.95 else sheet(rows, before="<a/>")

    def _row(self, chance: Random, number: int, words: Sequence[str]) -> str:
        cells = "".join(_cell(chance, f"{_letters(c)}{number}", w) for c, w in enumerate(words, 1) if w)
        return f'<row r="{number}">{cells}</row>' if chance.random() < 0.99 else f"<row>{cells}</row>"

    # ---------------------------------------------------------------- RDF
    def _graph(self, chance: Random, form: str) -> bytes:
        text = chance.choice(self._graphs[form])
        if form == "jsonld" and chance.random() < 0.3:
            text = self._linked(chance)
        if chance.random() < 0.06:
            other = chance.choice(self._graphs[form])
            text = text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]
        if chance.random() < 0.05:
            text = _deep(chance, form, text)
        return self._mutated_text(chance, text.encode("utf-8", "surrogatepass"), form, 0.9)

    def _linked(self, chance: Random) -> str:
        record: dict[str, Any] = {"@type": self._own.short}
        for field in chance.sample(self._own.fields, chance.randint(1, len(self._own.fields))):
            value: Any = self.value(chance, field)
            if field.row_class in self.kinds:
                value = [{local_name(f.path): self.value(chance, f) for f in self.kinds[field.row_class].fields}]
            odd = ({"@value": value}, [value, value], {"@id": "x"}, {"@list": [value]}, {"@set": [value]}, None, 1e300, True)
            record[local_name(field.path)] = chance.choice(odd) if chance.random() < 0.15 else value
        contexts: tuple[Any, ...] = (
            *({"@vocab": "https://w3id.org/policygraph/core#"}, "https://example.org/c", [], {}, None, "./c", 5, [["x"]]),
            *({"@base": "http://["}, {"@version": 1.0}, {"a": "a"}, {"@import": "x"}, {"@propagate": False}, {"a": {"@id": "@type"}}),
            *({"@language": "zh-"}, {"a": {"@container": "@graph"}}, {"@protected": True, "kind": "x:y"}, {"a": {"@reverse": "b:c"}}),
        )
        if chance.random() < 0.5:
            record["@context"] = chance.choice(contexts)
        return json.dumps([record] if chance.random() < 0.2 and "@context" not in record else record, ensure_ascii=False)

    def _mutated_text(self, chance: Random, data: bytes, form: str, share: float) -> bytes:
        """Change tokens or bytes of a share of inputs."""
        if chance.random() >= share:
            return data
        roll = chance.random()
        if roll < 0.15:
            return _mutated(chance, data, 1)
        tokens = _TOKEN.findall(data.decode("utf-8", "surrogateescape"))
        if roll < 0.8:
            self._exchange(chance, form, tokens)
            return "".join(tokens).encode("utf-8", "surrogateescape")
        for _ in range(chance.choice((1, 1, 2, 4, 12))):
            place = chance.randrange(len(tokens) + 1) if tokens else 0
            span = chance.choice((1, 1, 1, 4, 30))
            match chance.randint(0, 5):
                case 0:
                    del tokens[place : place + span]
                case 1:
                    tokens[place:place] = tokens[place : place + span]
                case 2:
                    tokens[place : place + 1] = [chance.choice(self._tokens[form])]
                case 3:
                    tokens[place : place + 1] = [_spelt(chance, form, self.value(chance, None))]
                case 4:
                    other = chance.randrange(len(tokens) + 1)
                    tokens[place:place] = tokens[other : other + span]
                case _:
                    tokens[place:place] = [chance.choice(MARKS)]
        return "".join(tokens).encode("utf-8", "surrogateescape" if chance.random() < 0.9 else "replace")

    def _exchange(self, chance: Random, form: str, tokens: list[str]) -> None:
        """Put other tokens of the same sort in the place of some, so that more than the syntax is tried."""
        sorts = [token[0] if token[0] in '"<' else "w" if token[0].isalnum() else "" for token in tokens]
        places = [place for place, sort in enumerate(sorts) if sort]
        for place in chance.sample(places, min(len(places), chance.choice((1, 1, 2, 5, 20)))):
            if sorts[place] == '"' and chance.random() < 0.6:
                tokens[place] = _spelt(chance, "", self.value(chance, chance.choice(self._own.fields))) if form != "rdfxml" else '"x"'
            elif sorts[place] == "w" and form in {"rdfxml", "jsonld"} and tokens[place].isdecimal():
                tokens[place] = chance.choice(("0", "1e5", "-3", "99", "2024", "0.5"))
            elif alike := self._alike(form).get(sorts[place]):
                tokens[place] = chance.choice(alike)

    def _alike(self, form: str) -> dict[str, list[str]]:
        if form not in self._sorted:
            own = self._tokens[form]
            self._sorted[form] = {
                **{sort: [t for t in own if t[0] == sort and len(t) > 1] for sort in '"<'},
                "w": [t for t in own if t[0].isalnum()],
            }
        return self._sorted[form]


# ---------------------------------------------------------------- words
def _hostile(chance: Random) -> str:
    roll = chance.random()
    if roll < 0.5:
        return chance.choice(HOSTILE)
    if roll < 0.52:
        return chance.choice(("长", "1", "a,", "(", "一", " ")) * chance.choice((100, 5_000, 32_767, 32_768))
    start, end = chance.choice(chance.choice((BLOCKS, MORE_BLOCKS, HIGH_BLOCKS)))
    return "".join(chr(chance.randrange(start, end)) for _ in range(chance.randint(1, 12)))


def _mutated_words(chance: Random, words: str) -> str:
    place = chance.randint(0, len(words))
    match chance.randint(0, 6):
        case 0:
            return words[:place] + words[place + 1 :]
        case 1:
            return words[:place] + chance.choice((*HOSTILE, *NUMBERS)) + words[place:]
        case 2:
            return words + chance.choice(NUMBERS)
        case 3:
            return words.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})
        case 4:
            return unicodedata.normalize("NFD", words)
        case 5:
            return words * chance.choice((2, 3, 40))
    return f" {words}\n"


def _noisy(chance: Random, name: str) -> str:
    roll = chance.random()
    if roll < 0.55:
        return name
    if roll < 0.85:
        noise = chance.choice(NOISE)
        return name + noise if chance.random() < 0.6 else noise + name
    return _mutated_words(chance, name)


def _quoted(chance: Random, words: str, delimiter: str = ",") -> str:
    if any(c in words for c in (delimiter, '"', "\n", "\r")) or chance.random() < 0.05:
        return words if chance.random() < 0.03 else '"' + words.replace('"', '""') + '"'
    return words


def _dumped(chance: Random, words: str) -> str:
    return json.dumps(words, ensure_ascii=chance.random() < 0.2)


def _spelt(chance: Random, form: str, words: str) -> str:
    if form == "rdfxml":
        return escape(words) if chance.random() < 0.7 else words
    return json.dumps(words, ensure_ascii=chance.random() < 0.3) if not form or chance.random() < 0.8 else words


def _letters(column: int) -> str:
    return chr(64 + column) if column <= 26 else chr(64 + (column - 1) // 26) + chr(65 + (column - 1) % 26)


def _cell(chance: Random, place: str, words: str) -> str:
    text = escape("".join(c if c >= " " or c in "\t\n\r" else f"_x{ord(c):04X}_" for c in words))
    roll = chance.random()
    place = place if chance.random() < 0.9995 else chance.choice(("A1", "XFE1", "ZZZ9", "1A", "a1", ""))
    if roll < 0.7:
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
    sort = chance.choice(("n", "n", "n", "b", "d", "e", "s", "str", "x", ""))
    value = chance.choice((text, *VALUES))
    if sort == "s" and chance.random() < 0.98:
        value = chance.choice("012")
    formula = chance.choice(("", "", "", "<f>1+1</f>", "<f/>", '<f t="shared" si="0">A1</f>', '<f si="0"/>'))
    return f'<c r="{place}" s="{chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 99, -1))}" t="{sort}">{formula}<v>{value}</v></c>'


# ---------------------------------------------------------------- bytes
def _mutated(chance: Random, data: bytes, share: float) -> bytes:
    """Change bytes of a share of inputs."""
    if chance.random() >= share or not data:
        return data
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 3, 10))):
        place = chance.randrange(len(found)) if found else 0
        span = chance.choice((1, 2, 8, 100, 2000))
        match chance.randint(0, 6):
            case 0:
                found[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[place : place + span]
            case 2:
                found[place:place] = found[place : place + span]
            case 3:
                found[place:place] = chance.choice(PIECES)
            case 4:
                del found[place:]
            case 5:
                found[place:place] = chance.choice(HOSTILE).encode("utf-8", "surrogatepass")
            case _:
                found[place : place + 2] = found[place : place + 2][::-1]
    return bytes(found)


def _zipped(chance: Random, members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    method = zipfile.ZIP_STORED if chance.random() < 0.7 else zipfile.ZIP_DEFLATED
    if chance.random() < 0.01:
        method = zipfile.ZIP_BZIP2
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        for name, content in members.items():
            odd = chance.choice((name.upper(), "/" + name, "../" + name, name + "\0", "")) if chance.random() < 0.001 else name
            archive.writestr(zipfile.ZipInfo(odd or "x", (1980, 1, 1, 0, 0, 0)), content, method, 1)
    data = out.getvalue()
    if chance.random() < 0.02:  # a field of the directory
        place = data.rfind(b"PK\x01\x02") + chance.choice((8, 10, 20, 24, 28, 42))
        data = data[:place] + struct.pack("<H", chance.choice((0, 1, 99, 0xFFFF))) + data[place + 2 :]
    return data


def _deep(chance: Random, form: str, text: str) -> str:
    depth = chance.choice((20, 200, 3_000))
    if form == "jsonld":
        forms = ('{"a":' * depth + "1" + "}" * depth, "[" * depth + "]" * depth, '{"@context":' * depth)
        return chance.choice((*forms, text[:-2] + ',"x":' + "[" * depth))
    if form == "rdfxml":
        return text.replace("</rdf:RDF>", "<a>" * depth + "</a>" * depth + "</rdf:RDF>")
    opening = chance.choice(("(", "[ <p:p> ", "{ ", "<<( ", "<< ", '"""', "'''"))
    return f"{text}\n<s:s> <p:p> {opening * depth}"


@cache
def _graphs() -> dict[str, list[str]]:
    """Return the examples in each form."""
    found: dict[str, list[str]] = {form: [] for form in GRAPHS}
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix == ".jsonld":
            found["jsonld"].append(path.read_text(encoding="utf-8"))
        if path.suffix != ".ttl":
            continue
        text = path.read_text(encoding="utf-8")
        found["turtle"].append(text)
        found["trig"] += [text, "GRAPH <g:g> {\n" + "\n".join(line for line in text.splitlines() if not line.startswith("@prefix")) + "}"]
        triples = [q.triple for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://submitted.invalid/")]
        for form in ("ntriples", "rdfxml"):
            found[form].append(ox.serialize(triples, format=_OX[form]).decode())
        found["jsonld"].append(ox.serialize([ox.Quad(*t) for t in triples], format=ox.RdfFormat.JSON_LD).decode())
    heads = [line for text in found["turtle"] for line in text.splitlines() if line.startswith("@prefix")]
    found["trig"] = ["\n".join(dict.fromkeys(heads)) + "\n" + text if text.startswith("GRAPH") else text for text in found["trig"]]
    return found
