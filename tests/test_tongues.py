"""Chinese words within English pages are marked as Chinese, wherever an element may stand."""

from __future__ import annotations

import pytest

from policygraph.web.pages.tongues import marked


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<p>plain</p>", "<p>plain</p>"),
        ("<p>open (等)?</p>", '<p>open (<span lang="zh-Hans">等</span>)?</p>'),
        ("<p>新办〔2023〕10号 of 2023</p>", '<p><span lang="zh-Hans">新办〔2023〕10号</span> of 2023</p>'),
        ('<p lang="zh-Hans">第<b>1</b>条</p>', '<p lang="zh-Hans">第<b>1</b>条</p>'),
        ('<div lang="zh-Hans"><br><p lang="en">a 甲</p>乙</div>丙', '<div lang="zh-Hans"><br><p lang="en">a {甲}</p>乙</div>{丙}'),
        ('<input value="甲"><option>甲</option>甲', '<input value="甲"><option>甲</option>{甲}'),
        ("<svg><path/><text>甲</text></svg>甲", "<svg><path/><text>甲</text></svg>{甲}"),
        ("<p>&lt;script&gt; 甲</p>", "<p>&lt;script&gt; {甲}</p>"),
    ],
)
def test_chinese_words_are_marked(said: str, expected: str) -> None:
    page = f'<html lang="en"><title>甲</title>{said}</html>'
    wanted = expected.replace("{", '<span lang="zh-Hans">').replace("}", "</span>")
    assert marked(page) == (f'<html lang="en"><title>甲</title>{wanted}</html>')
