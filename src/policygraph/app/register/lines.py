"""One line of words that a person gave, such as a reason or a name, as it may stand in a register."""

from __future__ import annotations

from policygraph.errors import Text, UsageError
from policygraph.records.spelling import hidden

MOST = 200  # characters, as for evidence


def typed(text: str, option: str) -> str:
    """Return words that were typed, trimmed.

    Args:
        text: The words.
        option: What to call them in an error.

    Raises:
        UsageError: They are none, too many, or have characters that nobody sees.
    """
    words = text.strip()
    if not words or len(words) > MOST or hidden(words) or "\n" in words or not words.isprintable():
        raise UsageError(
            Text(
                f"请填写 1 至 {MOST} 字、不含控制字符与不可见字符的一行文字。",
                f"Give one line of 1 to {MOST} characters, none of them a control or invisible one.",
            ),
            Text("请改正。", "Correct it."),
            option,
        )
    return words
