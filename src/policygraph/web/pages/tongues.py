"""Marks Chinese words within a page of another language, so that they are read out, hyphenated and drawn as Chinese.

Names of documents, quoted words and examples stand within English sentences all over; a page is marked once, when it is whole.
"""

from __future__ import annotations

import re

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Chinese words with what stands between and around them: full-width marks, digits and brackets as in 新办〔2023〕10号.
_WORDS = re.compile(rf"[（〔《“【]*[{_HAN}](?:[{_HAN}（）〔〕《》【】、，。；：·\d]*[{_HAN}）〕》】])?")
_PARTS = re.compile(r"<!--.*?-->|<![^>]*>|<(?P<end>/?)(?P<tag>[A-Za-z][\w-]*)(?P<rest>[^>]*)>|(?P<text>[^<]+)", re.DOTALL)
_LANGUAGE = re.compile(r'\slang="([^"]*)"')
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_PLAIN = frozenset({"option", "script", "style", "svg", "textarea", "title"})  # hold no elements of HTML


def marked(page: str) -> str:
    """Return a page of ours in which Chinese words that no element marks are marked.

    Args:
        page: Well-formed HTML as `markup` makes it: every element is closed, and `<` and `>` stand for nothing else.
    """
    if not _WORDS.search(page):
        return page
    parts: list[str] = []
    above: list[tuple[str, bool]] = [("", False)]  # tag, and whether what it holds is left as it is
    for found in _PARTS.finditer(page):
        said, tag = found[0], (found["tag"] or "").lower()
        if found["text"] is not None and not above[-1][1]:
            said = _WORDS.sub(r'<span lang="zh-Hans">\g<0></span>', said)
        elif tag and found["end"]:
            if above[-1][0] == tag:
                above.pop()
        elif tag and tag not in _VOID and not found["rest"].endswith("/"):
            language = _LANGUAGE.search(found["rest"])
            left = language[1].startswith("zh") if language else above[-1][1]
            above.append((tag, left or tag in _PLAIN))
        parts.append(said)
    return "".join(parts)
