"""Reports in every form: the same findings in all, one language each, harmless whatever was submitted, the same bytes each time."""

from __future__ import annotations

import base64
import csv
import dataclasses
import hashlib
import io
import json
import re
import sys
from collections import Counter
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import openpyxl
import pyshacl
import pytest
from pypdf import PdfReader

from policygraph.errors import MachineError, Text, UsageError, clean
from policygraph.graph.parsing import parse
from policygraph.model.places import Place
from policygraph.model.terms import Iri
from policygraph.reports import html, pdf, text
from policygraph.reports.forms import BINARY, FORMS, write_report
from policygraph.reports.pdf import gathering
from policygraph.reports.plain import to_plain
from policygraph.reports.rdf import report_triples
from policygraph.reports.rows import FINDING_HEADERS
from policygraph.reports.summary import spans, summarise
from policygraph.vocab import PG, RDF, SH
from reporting import FILE, mixed, reported
from submitting import Submitted, check, turtle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policygraph.model.answers import CheckReport, Finding, RecordReport

LANGUAGES = ("zh", "en")
EACH = [pytest.param(form, language, id=f"{form}-{language}") for form in FORMS for language in LANGUAGES]
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDS = {
    "zh": {"无效": "invalid", "不符合": "violation", "待定": "undetermined", "提示": "warning", "附注": "note"},
    "en": {"Invalid": "invalid", "Violation": "violation", "Undetermined": "undetermined", "Warning": "warning", "Note": "note"},
}
# (position of the record, 0 for none; verdict; IRI of the check; place; message)
Found = tuple[int, str, str, str, str]


@cache
def report() -> CheckReport:
    """Records with all verdicts and with child tables, fewer than are summed up."""
    candidates = mixed(2)
    amiss, quiet = [], []
    for one, record in zip(candidates, reported(candidates).records, strict=True):
        (amiss if record.findings else quiet).append(one)
    found = reported(amiss[: text.MANY - 12] + quiet[:12])
    assert len(found.records) <= text.MANY
    assert {f.verdict for r in found.records for f in r.findings} >= {"invalid", "violation", "undetermined", "warning"}
    return found


def written(of: CheckReport, form: str, language: str, *, decisions: bool = False) -> bytes:
    out = io.BytesIO()
    write_report(of, form, language, out, decisions=decisions)
    assert not out.closed
    return out.getvalue()


def expected(of: CheckReport, language: str) -> Counter[Found]:
    def one(position: int, finding: Finding, place: Place | None) -> Found:
        where = place.words().in_language(language) if place else ""
        return position, finding.verdict, finding.shape.iri, where, clean(finding.message.in_language(language))

    found = [one(0, f, f.place) for f in of.file_findings]
    found += [one(r.position, f, f.place or r.place) for r in of.records for f in r.findings]
    return Counter(found)


# ---------------------------------------------------------------- the same findings in all forms
class Page(HTMLParser):
    """What a page holds: its elements with their words, and whether they nest."""

    VOID = frozenset({"meta"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.found: list[list[str]] = []
        self.style = ""
        self.term = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if "data-shape" in given:
            anchor = re.fullmatch(r"(?:record-(\d+)|file)-finding-\d+", given["id"])
            assert anchor
            self.found.append([anchor[1] or "0", given["data-verdict"], given["data-shape"], "", ""])
        if tag not in self.VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if tags[-1:] == ["style"]:
            self.style += data
            return
        ours = not {"bdi", "footer", "title"} & set(tags) and "zh-Hans" not in [
            given.get("lang") for tag, given in self.open if tag != "html"
        ]
        self.outside += [data] if ours else []
        if "li" in tags and self.found:
            self.term = data if tags[-1] == "dt" else self.term
            if any(given.get("class") == "message" for _, given in self.open):
                self.found[-1][4] += data
            elif "dd" in tags and self.term in {"位置", "Place"}:
                self.found[-1][3] += data


def of_text(data: bytes, language: str) -> Iterator[tuple[int, str, str, str]]:
    """A finding without a place of its own stands where its record does."""
    position, one, place_of = 0, None, ""
    for line in data.decode().splitlines():
        if head := re.match(r"(?:记录|Record) (\d+) ?[（(]", line):
            if one:
                yield (*one[:2], place_of, one[2])
            position, one, place_of = int(head[1]), None, ""
        elif not place_of and (own := re.match(r"  (?:位置：|Place: )(.*)", line)):
            place_of = own[1]
        elif (finding := re.match(r"(?:  )?[✗?!·] (\w+)(?:：|: )(.*)", line)) and finding[1] in WORDS[language]:
            if one:
                yield (*one[:2], place_of, one[2])
            message = re.sub(r"(（所填：.*）| \(found: .*\))?( \[[^]]*\])?$", "", finding[2])
            one = (position, WORDS[language][finding[1]], message)
        elif one and (place := re.match(r" {4,}(?:位置：|Place: )(.*)", line)):
            yield (*one[:2], place[1], one[2])
            one = None
    if one:
        yield (*one[:2], place_of, one[2])


def of_rows(rows: list[list[Any]], language: str) -> Iterator[Found]:
    names = [header.en for header in FINDING_HEADERS]
    assert rows[0] == [header.in_language(language) for header in FINDING_HEADERS]
    for row in rows[1:]:
        own = dict(zip(names, row, strict=True))
        if own["finding"]:
            numbers = {key: int(own[key] or 0) for key in ("row", "line", "record")}
            words = {key: own[key] or "" for key in ("file", "sheet", "column", "header", "path")}
            place = Place(words["file"], words["sheet"], numbers["row"], words["column"], words["header"], numbers["line"], words["path"])
            where = place.words().in_language(language)
            yield numbers["record"], WORDS[language][own["finding"]], own["check IRI"], where, own["message"]


def of_turtle(data: bytes, language: str) -> Iterator[Found]:
    said: dict[str, dict[str, list[Any]]] = {}
    for subject, predicate, value in parse(data, "turtle"):
        said.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value)
    position = {node: int(own[PG.sourcePosition][0].value) for node, own in said.items() if PG.sourcePosition in own}
    verdicts = {"Violation": {"invalid", "violation"}, "Warning": {"undetermined", "warning"}, "Info": {"note"}}
    for own in said.values():
        if Iri(SH.ValidationResult) in own.get(RDF.type, ()):
            at = said[own[PG.place][0].value]
            get = {name: (at.get(PG[f"place{name}"]) or [None])[0] for name in ("File", "Sheet", "Row", "Column", "Header", "Line", "Path")}
            values = {name: value.value if value else "" for name, value in get.items()}
            place = Place(
                values["File"],
                values["Sheet"],
                int(values["Row"] or 0),
                values["Column"],
                values["Header"],
                int(values["Line"] or 0),
                values["Path"],
            )
            message = next(m.value for m in own[SH.resultMessage] if m.language == language)
            severity = own[SH.resultSeverity][0].value.rpartition("#")[2]
            yield (
                position.get(own[SH.focusNode][0].value, 0), "/".join(sorted(verdicts[severity])), own[SH.sourceShape][0].value,
                place.words().in_language(language), clean(message),
            )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_forms_have_the_same_findings(language: str) -> None:
    of = with_file_finding(report())
    wanted = expected(of, language)
    assert sum(wanted.values()) > 15

    page = Page(written(of, "html", language).decode())
    assert Counter((int(p), v, s, w, m) for p, v, s, w, m in page.found) == wanted

    rows = list(csv.reader(io.StringIO(written(of, "csv", language).decode("utf-8-sig"), newline="")))
    assert Counter(of_rows(rows, language)) == wanted
    book = openpyxl.load_workbook(io.BytesIO(written(of, "xlsx", language)))
    sheet = book["发现" if language == "zh" else "Findings"]
    assert Counter(of_rows([[c.value for c in row] for row in sheet.iter_rows()], language)) == wanted

    plain = json.loads(written(of, "json", language))
    read = [(0, f, f["place"]) for f in plain["file_findings"]]
    read += [(r["position"], f, f["place"] or r["place"]) for r in plain["records"] for f in r["findings"]]
    assert (
        Counter(
            (position, f["verdict"], f["shape"]["iri"], Place(**place).words().in_language(language), clean(f["message"][language]))
            for position, f, place in read
        )
        == wanted
    )

    lines = Counter(of_text(written(of, "text", language), language))
    assert lines == Counter({(p, v, w, m): n for (p, v, _, w, m), n in wanted.items()})

    severity = {v: "/".join(sorted(g)) for g in ({"invalid", "violation"}, {"undetermined", "warning"}, {"note"}) for v in g}
    coarse: Counter[Found] = Counter()
    for (p, v, s, w, m), n in wanted.items():
        coarse[p, severity[v], s, w, m] += n
    assert Counter(of_turtle(written(of, "turtle", language), language)) == coarse

    assert_in_order(pdf_words(written(of, "pdf", language)), of, language)


def with_file_finding(of: CheckReport) -> CheckReport:
    found = next(f for r in of.records for f in r.findings if f.verdict == "invalid")
    own = dataclasses.replace(
        found, path=None, place=Place(FILE, "附表", 9), message=Text("这一行不属于任何记录。", "This row belongs to no record.")
    )
    return dataclasses.replace(of, file_findings=(own,))


def pdf_words(data: bytes) -> str:
    """Return the words of a document without blanks, page by page, headers and footers left out."""
    pages = (page.extract_text().splitlines() for page in PdfReader(io.BytesIO(data)).pages)
    return squeezed("".join(line for page in pages for line in page))


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u200b]+", "", words)


def assert_in_order(words: str, of: CheckReport, language: str) -> None:
    """Each finding stands after the one before it: its verdict, its message and its place."""
    names = {verdict: word for word, verdict in WORDS[language].items()}
    at = 0
    for finding, record in [(f, None) for f in of.file_findings] + [(f, r) for r in of.records for f in r.findings]:
        place = finding.place or (record.place if record else None)
        parts = [names[finding.verdict], finding.message.in_language(language)]
        parts += [place.words().in_language(language)] if place else []
        for part in parts:
            # A line or a page may end within; what stands between is a page's head and foot.
            start = words.find(squeezed(part)[:14], at)
            assert start >= 0, part
            at = start


# ---------------------------------------------------------------- forms hold what they promise
@pytest.mark.parametrize(("form", "language"), EACH)
@pytest.mark.parametrize("decisions", [False, True], ids=["check", "decide"])
def test_the_same_report_gives_the_same_bytes(form: str, language: str, decisions: bool) -> None:
    first = written(report(), form, language, decisions=decisions)
    assert first and first == written(report(), form, language, decisions=decisions)


@pytest.mark.parametrize(("form", "language"), EACH)
def test_a_report_without_places_or_facts_can_be_written(form: str, language: str) -> None:
    bare = tuple(
        dataclasses.replace(r, place=None, stated=(), findings=tuple(dataclasses.replace(f, place=None) for f in r.findings))
        for r in report().records
    )
    assert written(dataclasses.replace(report(), records=bare, files=()), form, language)
    assert written(dataclasses.replace(report(), records=(), files=(), checks=()), form, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "html", "pdf", "xlsx"])
def test_people_are_told_what_the_report_rests_on(form: str, language: str) -> None:
    data = written(report(), form, language)
    if form == "pdf":
        words = pdf_words(data)
    elif form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        words = squeezed("".join(str(c.value) for row in book.worksheets[-1].iter_rows() for c in row if c.value))
    else:
        words = squeezed(unescape(re.sub(r"<[^>]*>", "", data.decode())))
    of = report()
    wanted = [of.notice, of.on_facts, *(run.shape.label for run in of.checks), *(u.why for f in of.files for u in f.unread)]
    missing = [w.in_language(language) for w in wanted if squeezed(w.in_language(language)) not in words]
    assert missing == []
    assert of.digest[:12] in words and all(sha in words for _, sha in summarise(of).texts)
    if form != "text":
        assert of.digest in words and of.files[0].sha256 in words and of.records[0].as_of in words
    idle = [run for run in of.checks if not run.looked_at]
    assert idle and any(not r.checks for r in of.records)
    assert {"zh": "没有核查适用的记录", "en": "Recordsthatnocheckappliedto"}[language] in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_page_shows_proof_mending_and_amounts(form: str, language: str) -> None:
    data = written(report(), form, language, decisions=True)
    words = pdf_words(data) if form == "pdf" else squeezed(unescape(re.sub(r"<[^>]*>", "", data.decode())))
    findings = [f for r in report().records for f in r.findings]
    quotes = {c.quote for f in findings for c in f.citations}
    points = {p.node.label.in_language(language) for f in findings for p in (*f.readings, *f.open_points)}
    offsets = {f"{c.start}–{c.end}" for f in findings for c in f.citations if c.start >= 0}
    amounts = {d.low for r in report().records for d in r.decisions if d.low}
    assert quotes and points and offsets and amounts
    assert [w for w in (*quotes, *points, *offsets, *amounts) if squeezed(w)[:12] not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_sound_file(language: str) -> None:
    data = written(with_file_finding(report()), "html", language, decisions=True).decode()
    page = Page(data)
    assert page.open == [] and len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if not link.startswith("#") or link[1:] not in page.ids] == []
    names = Counter(tag for tag, _ in page.elements)
    assert names["main"] == names["h1"] == names["title"] == names["svg"] == 1 and names["nav"] and names["caption"] == names["table"]
    assert not {"script", "img", "link", "iframe", "object", "form", "input"} & set(names)
    assert all(given.get("scope") for tag, given in page.elements if tag == "th")
    assert not any(name.startswith("on") or name in {"style", "src"} for _, given in page.elements for name in given)
    assert ("html", {"lang": {"zh": "zh-Hans", "en": "en"}[language]}) in page.elements
    (policy,) = (given["content"] for _, given in page.elements if given.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in page.style and "@import" not in page.style
    positions = [record.position for record in report().records]
    assert [f"record-{position}" for position in positions] == [i for i in page.ids if re.fullmatch(r"record-\d+", i)]


def test_a_page_keeps_to_its_language() -> None:
    english = Page(written(report(), "html", "en", decisions=True).decode())
    assert [words for words in english.outside if CHINESE.search(words)] == []
    chinese = Page(written(report(), "html", "zh").decode())
    allowed = re.compile(r"sha256|xlsx|[0-9a-f]{64}|--format|csv")
    assert [words for words in chinese.outside if re.search(r"[A-Za-z]{3}", allowed.sub("", words))] == []


def test_the_submitted_cell_is_marked_on_the_page() -> None:
    of = reported([Submitted("AwardClaim", {"role": "contestant", "tier": "national", "contestClass": "class-1", "rank": "0"})])
    (finding,) = (f for f in of.records[0].findings if f.path and f.path.short == "rank")
    page = written(of, "html", "zh").decode()
    assert re.search(
        r'<tr class="fault invalid"><th scope="row"><bdi>名次</bdi></th><td><bdi>0</bdi> <a href="#record-1-finding-\d+"', page
    )
    assert page.count('class="fault') == 1 and finding.message.zh in page


def test_a_field_that_is_not_stated_is_marked_too() -> None:
    of = reported([Submitted("AwardClaim", {"role": "contestant"})])
    found = of.records[0].findings[0]
    missing = dataclasses.replace(found, path=of.records[0].stated[0].field, found=(), value=Text("", ""), verdict="violation")
    record = dataclasses.replace(of.records[0], stated=(), findings=(missing,))
    page = written(dataclasses.replace(of, records=(record,)), "html", "en").decode()
    assert 'class="fault violation"' in page and "(not stated)" in page


# ---------------------------------------------------------------- spreadsheets
def test_csv_is_what_spreadsheets_open() -> None:
    data = written(report(), "csv", "zh")
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(FINDING_HEADERS)}
    assert len(rows) - 1 == sum(len(r.findings) or 1 for r in report().records)
    decided = list(csv.DictReader(io.StringIO(written(report(), "csv", "en", decisions=True).decode("utf-8-sig"), newline="")))
    assert len(decided) == sum(len(r.decisions) or 1 for r in report().records)
    assert {d.low for r in report().records for d in r.decisions} <= {row["at least"] for row in decided} | {""}
    assert any(row["why invalid"] for row in decided)


def test_xlsx_shows_the_submitted_rows_with_their_faults() -> None:
    graduate = {"graduatedFrom": "vocational-school", "probationEnd": "2024-06-30", "evaluated": "false", "wageDetermined": "true"}
    facts = {"employerName": "某厂", "year": "2024", "reportDate": "2025-03-10", "graduate": [graduate, {**graduate, "evaluated": "true"}]}
    of = reported([Submitted("EmployerYear", facts), Submitted("AwardClaim", {"role": "contestant", "rank": "0"})])
    book = openpyxl.load_workbook(io.BytesIO(written(of, "xlsx", "zh")))
    assert book.sheetnames[-2:] == ["发现", "汇总"] or book.sheetnames[-3:] == ["发现", "判读", "汇总"]
    assert book["发现"].freeze_panes == "A2" and book["发现"].auto_filter.ref.startswith("A1:")
    claims = book[next(name for name in book.sheetnames if "奖励" in name)]
    column = {cell.value: cell.column for cell in claims[1]}
    rank = claims.cell(2, column["名次"])
    assert rank.value == "0" and rank.fill.start_color.rgb.endswith("F8C9C4")
    assert rank.comment and "无效" in rank.comment.text
    assert claims.cell(2, column["结论"]).value == "无效" and "名次" in claims.cell(2, column["发现"]).value
    children = book["招用的毕业生"]
    own = {cell.value: cell.column for cell in children[1]}
    assert [children.cell(row, own["行"]).value for row in (2, 3)] == [1, 2]
    at_fault = children.cell(2, own["已评价技能水平"])
    assert at_fault.value == "否" and at_fault.comment and children.cell(2, own["结论"]).value == "不符合"
    assert not children.cell(3, own["已评价技能水平"]).comment


def test_xlsx_says_whose_child_rows_a_sheet_holds() -> None:
    """Where two kinds have child tables of one name."""
    line = {"expenseLine": [{"expenseAmount": "5000"}]}
    of = reported([Submitted("Employer", {"employerName": "甲厂", **line}), Submitted("InternshipExpenseClaim", {"year": "2024", **line})])
    book = openpyxl.load_workbook(io.BytesIO(written(of, "xlsx", "zh")))
    assert {"支出明细 - 实习支出扣除申报", "支出明细 - 用人单位情况"} <= set(book.sheetnames)


def test_xlsx_goes_on_where_a_sheet_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policygraph.reports.xlsx.book.MOST_ROWS", 5)
    monkeypatch.setattr("policygraph.reports.xlsx.book.MOST_COMMENTS", 1)
    monkeypatch.setattr("policygraph.reports.xlsx.filling.MOST_COMMENTS", 1)
    book = openpyxl.load_workbook(io.BytesIO(written(report(), "xlsx", "en")))
    sheets = [name for name in book.sheetnames if name.startswith("Findings")]
    rows = [row for name in sheets for row in list(book[name].iter_rows(values_only=True))[1:]]
    assert len(sheets) > 3 and len(rows) == sum(len(r.findings) or 1 for r in report().records)
    said = [str(c.value) for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert any("Comments end" in words for words in said)


# ---------------------------------------------------------------- hostile words
HOSTILE = (
    '<script>alert("1")</script>', '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "\u202egnp.exe\u2066", "=cmd|' /C calc'!A1",
    "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "#set page()\\ #panic()", "a" * 100_000, "\x1b[2J\x00\x08", "王𠮷\U000e0001", "]]>",
    "</style>", "{{7*7}}", "'=1", "\ufffd", "لعب", "ａ\u3000ｂ",
)  # fmt: skip


@cache
def hostile() -> CheckReport:
    of = reported(mixed(1)[: len(HOSTILE)])

    def spoilt(record: RecordReport, words: str) -> RecordReport:
        said = Text(words, words)
        place = Place(words, words, 3, "B", words, 0, words)
        stated = tuple(dataclasses.replace(s, value=said, place=place) for s in record.stated)
        template = next(f for r in of.records for f in r.findings if f.path)
        own = dataclasses.replace(template, message=said, value=said, mending=Text(f"{words}.", f"{words}."), place=place)
        return dataclasses.replace(record, name=words, place=place, stated=stated, findings=(own,))

    records = tuple(spoilt(record, words) for record, words in zip(of.records, HOSTILE, strict=True))
    return dataclasses.replace(of, source=HOSTILE[0], records=records)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_submission_becomes_markup_or_control(language: str) -> None:
    page = written(hostile(), "html", language, decisions=True).decode()
    parsed = Page(page)
    assert not {"script", "img"} & {tag for tag, _ in parsed.elements} and parsed.open == []
    assert all(link.startswith("#") for link in parsed.links)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", page)
    assert "a" * 2_000 not in page and len(page) < 2_000_000
    assert re.search("100000 个字符" if language == "zh" else "100000 characters", page)
    lines = written(hostile(), "text", language).decode().splitlines()
    assert all(line.isprintable() or "\u3000" in line for line in lines) and max(map(len, lines)) < 5_000
    assert json.loads(written(hostile(), "json", language))["records"][0]["name"] == HOSTILE[0]
    assert len(parse(written(hostile(), "turtle", language), "turtle")) == len(set(report_triples(hostile())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_submission_becomes_a_formula(language: str) -> None:
    cells = [c for row in csv.reader(io.StringIO(written(hostile(), "csv", language).decode("utf-8-sig"), newline="")) for c in row]
    assert [c for c in cells if c.strip()[:1] in {*"=+-@＝＋－＠"} and c.strip()] == []
    assert "'=cmd|' /C calc'!A1" in cells
    book = openpyxl.load_workbook(io.BytesIO(written(hostile(), "xlsx", language)))
    found = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in found} == {"s", "n"}
    assert all(isinstance(c.value, int) for c in found if c.data_type == "n")
    formulas = [c for c in found if str(c.value).startswith("=cmd")]
    assert formulas and all(c.quotePrefix for c in formulas)
    assert max(len(str(c.value)) for c in found) <= 32_767


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_submission_reaches_the_typesetter(language: str) -> None:
    words = pdf_words(written(hostile(), "pdf", language))
    assert squeezed("#set page()\\ #panic()") in words and squeezed(HOSTILE[0]) in words
    assert "王〔U+20BB7〕" in words  # a name is spelt out, never lost in an empty box


# ---------------------------------------------------------------- many records
def test_many_records_are_summed_up_and_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    records = mixed(2)
    of = reported(records)
    with_findings = sum(bool(r.findings) for r in of.records)
    assert len(records) > text.MANY and with_findings > text.MOST_SHOWN - 12
    monkeypatch.setattr(text, "MOST_SHOWN", 5)
    for module in (html, gathering):
        monkeypatch.setattr(module, "MANY", 10)
        monkeypatch.setattr(module, "MOST_SHOWN", 5)
    for language, more in (("zh", f"还有 {with_findings - 5} 条有发现的记录"), ("en", f"{with_findings - 5} more records with findings")):
        lines = written(of, "text", language).decode()
        assert more in lines and sum(bool(re.match(r"(记录|Record) \d+ ?[（(]", line)) for line in lines.splitlines()) == 5
        names = [summarise(of).names[verdict].label.in_language(language) for verdict in ("invalid", "violation", "undetermined", "pass")]
        assert [name for name in names if name not in lines[:2_000]] == []
        page = written(of, "html", language).decode()
        assert more in page and page.count("<article") == 5
        assert squeezed(more) in pdf_words(written(of, "pdf", language))
        decided = written(of, "text", language, decisions=True).decode()
        assert ("全部见 --format csv" if language == "zh" else "--format csv or --format xlsx has all") in decided
    assert lines.splitlines()[-1].startswith(f"{len(records)} records in all: ") and lines.rstrip().endswith("findings.")


def test_a_summary_counts_everything() -> None:
    summary = summarise(report())
    findings = [f for r in report().records for f in r.findings]
    assert summary.records == len(report().records) == sum(summary.verdicts.values())
    assert summary.total == len(findings) == sum(check.total for check in summary.checks)
    assert summary.with_findings == sum(bool(r.findings) for r in report().records)
    assert sum(column.total for column in summary.columns) == sum(bool(f.place and f.place.column) or f.path is not None for f in findings)
    quiet = {n for runs in summary.quiet.values() for first, last in runs for n in range(first, last + 1)}
    assert quiet == {r.position for r in report().records if not r.findings}
    assert list(spans([(1, 3), (5, 5), (7, 8)])) == ["1–3", "5", "7–8"] and list(spans([(1, 1), (3, 3)], 1)) == ["1", "…"]


# ---------------------------------------------------------------- turtle, json
REPORT_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix pg: <https://w3id.org/policygraph/core#> . @prefix : <urn:x:> .
:report a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
    sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ,
        [ sh:path sh:result ; sh:class sh:ValidationResult ] .
:result a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
    sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( sh:Info sh:Warning sh:Violation ) ] ,
        [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path sh:value ; sh:maxCount 1 ] ,
        [ sh:path sh:sourceShape ; sh:maxCount 1 ; sh:nodeKind sh:IRI ]  ,
        [ sh:path sh:resultMessage ; sh:minCount 1 ; sh:uniqueLang true ] ,
        [ sh:path [ sh:inversePath sh:result ] ; sh:minCount 1 ; sh:maxCount 1 ] , [ sh:path pg:place ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pySHACL's own
def test_turtle_is_a_validation_report() -> None:
    of = with_file_finding(report())
    assert any(not f.component for r in of.records for f in r.findings) or PG.uniqueKey in {
        f.shape.iri for r in of.records for f in r.findings
    }
    data = written(of, "turtle", "zh").decode()
    conforms, _, said = pyshacl.validate(data, data_graph_format="turtle", shacl_graph=REPORT_SHAPES, shacl_graph_format="turtle")
    assert conforms, said
    assert set(parse(data.encode(), "turtle")) == set(report_triples(of))


def test_a_duplicate_and_a_refusal_name_their_component() -> None:
    facts = {
        "personName": "张三", "role": "contestant", "tier": "national", "contestClass": "class-1", "rank": "1", "resultDate": "2024-09-20",
        "teamSize": "1", "tied": "false", "alreadyPaid": "false",
    }  # fmt: skip
    data = turtle([Submitted("AwardClaim", facts), Submitted("AwardClaim", facts), Submitted("AwardClaim", facts, "pg:unheardOf 1")])
    triples = parse(written(check(data), "turtle", "en"), "turtle")
    components = {o.value for _, p, o in triples if p.value == SH.sourceConstraintComponent}
    assert {PG.UniqueKeyConstraintComponent, SH.ClosedConstraintComponent} <= components


def test_json_is_written_record_by_record_and_is_the_same() -> None:
    for of in (report(), dataclasses.replace(report(), records=())):
        text = written(of, "json", "zh").decode()
        assert json.loads(text) == to_plain(of)
        assert text.endswith("\n}\n")
        lines = [json.loads(line.rstrip(",")) for line in text.splitlines() if line.startswith('    {"iri":')]
        assert lines == to_plain(of)["records"], "a record a line"


# ---------------------------------------------------------------- the terminal
class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def shown(out: io.BytesIO) -> str:
        write_report(report(), "text", "zh", out, decisions=False)
        return out.getvalue().decode()

    plain, coloured = shown(io.BytesIO()), shown(Terminal())
    assert "\x1b" not in plain and "\x1b[31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(Terminal()) == plain


@pytest.mark.parametrize("form", sorted(BINARY))
def test_what_is_no_text_does_not_go_to_a_terminal(form: str) -> None:
    with pytest.raises(UsageError, match="terminal"):
        write_report(report(), form, "zh", Terminal(), decisions=False)


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(UsageError) as raised:
        written(report(), "docx", "zh")
    assert "docx" in raised.value.what.zh and "html" in raised.value.fix.zh


@pytest.mark.parametrize("absent", ["typst", "pylopdf_fonts_zh_cn"])
def test_without_its_extra_pdf_says_what_to_do(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MachineError) as raised:
        pdf.write_pdf(report(), "zh", io.BytesIO(), decisions=False)
    assert "policygraph[pdf]" in raised.value.fix.zh and "--format html" in raised.value.fix.en


def test_pdf_embeds_its_fonts_and_nothing_of_the_moment() -> None:
    document = PdfReader(io.BytesIO(written(report(), "pdf", "zh")))
    fonts = [font.get_object() for page in document.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index, union-attr]
    names = {font["/BaseFont"] for font in fonts}
    assert names and all(re.match(r"/[A-Z]{6}\+Noto(Sans|Serif)SC", name) for name in names)
    assert all("/FontFile3" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts)
    assert document.metadata and "/CreationDate" not in document.metadata and document.metadata.title == "核查报告"
