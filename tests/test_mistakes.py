"""Slips of the pen in submissions: what is wrong is named as its writer wrote it, with what may have been meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from policygraph.app import malformed
from policygraph.app.checking import check_submission
from policygraph.app.entitlements import Entitler
from policygraph.app.profiles import read_profile
from policygraph.errors import InputError, Text
from policygraph.records.near import near
from policygraph.vocab import PG, SH
from submitting import PROLOGUE, TESTS, check, standard

if TYPE_CHECKING:
    from policygraph.model.answers import Finding

RECEIPT = TESTS.parent / "examples/receipt-award.ttl"


def found(facts: dict[str, Any], field: str) -> Finding:
    """Return the one finding on a field of an award claim."""
    report = check(json.dumps({"@type": "AwardClaim", **facts}, ensure_ascii=False), ".jsonld")
    (finding,) = [f for f in report.records[0].findings if f.path and f.path.short == field]
    return finding


def test_contradicting_values_are_named() -> None:
    finding = found({"rank": [1, 2]}, "rank")
    assert finding.component == SH.MaxCountConstraintComponent
    assert finding.message.zh == "名次：填了 2 个互相矛盾的值（1、2），只能填一个。"
    assert finding.message.en == "rank: 2 contradicting values are given (1, 2); one may be given."
    assert "（省级、国家级）" in found({"tier": ["national", "provincial"]}, "tier").message.zh


def test_unknown_field_is_named_with_near_misses() -> None:
    finding = found({"claimdAmount": 5}, "claimdAmount")
    assert finding.message.zh.startswith("该种申报没有字段“claimdAmount”。是否指：claimedAmount — 申报金额（元）")
    assert "Did you mean: claimedAmount — claimed amount (CNY)" in finding.message.en
    assert finding.value == Text("claimdAmount “5”", "claimdAmount “5”")
    assert "--param kind=AwardClaim" in finding.mending.en
    assert "是否指：rank — 名次" in found({"名次": 1}, "名次").message.zh
    row = found({"otherResult": {"rannk": 1}}, "rannk")
    assert row.row == "record-1-otherResult-1" and "--param kind=ContestResult" in row.mending.zh


def test_unknown_field_in_turtle() -> None:
    text = PROLOGUE + "<#a> a tal:AwardClaim ; tal:rannk 1 ; <http://example.org/rank> 1 ; <http://example.org/zzzz> 1 ."
    said = {f.message.en for f in check(text).records[0].findings if f.shape.iri == PG.FormatShape}
    none = "This kind of submission has no field “{}”."
    assert said == {
        f"{none.format('rannk')} Did you mean: rank?",
        f"{none.format('<http://example.org/rank>')} Did you mean: <https://w3id.org/policygraph/talent#rank> — rank, "
        "<https://w3id.org/policygraph/talent#overallRank> — overall rank?",
        none.format("<http://example.org/zzzz>"),
    }


def test_unknown_code_is_shown_with_the_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = found({"tier": "galactic"}, "tier")
    assert finding.message.zh.startswith("赛事层级：代码表中没有“galactic”。可填：worldskills — 世界技能大赛、")
    assert "county — 县级" in finding.message.zh and "enterprise, other" in finding.message.en
    monkeypatch.setattr(malformed, "MOST_SHOWN", 3)
    capped = found({"tier": "provincal"}, "tier").message.en
    assert "Allowed: provincial, worldskills, national, and 5 more, see policygraph show" in capped
    assert "fields-of-submission --param kind=AwardClaim" in capped


def test_unknown_kind_names_near_misses_first() -> None:
    with pytest.raises(InputError) as raised:
        check('{"@type": "Persn", "name": "甲"}', ".jsonld")
    assert raised.value.what.zh.endswith("所见类型：Persn。")
    lines = raised.value.fix.zh.split("\n")
    assert lines[0] == "是否指：Person — 个人情况？" and "  AwardClaim  竞赛奖励申报" in lines
    assert not any("talent#AwardClaim" in line for line in lines)
    beside = check(PROLOGUE + "<#a> a tal:AwardClaim . <#b> a tal:AwardClam .").file_findings
    assert [f.message.en for f in beside] == ["There is no kind of submission “AwardClam”. Did you mean: AwardClaim — award claim?"]


def test_a_receipt_is_no_submission() -> None:
    setting = standard()
    for read in (lambda: check_submission(setting, str(RECEIPT)), lambda: read_profile(setting, Entitler(setting), str(RECEIPT))):
        with pytest.raises(InputError) as raised:
            read()
        assert f"policygraph replay {RECEIPT}" in raised.value.render("zh") and "This is a receipt" in raised.value.render("en")


def test_near_misses_of_nothing() -> None:
    assert near("zzzz", {"rank": Text("名次", "rank")}) == ()
    assert near("", {"rank": Text("名次", "rank")}) == ()
