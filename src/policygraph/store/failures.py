"""What a remote store's failures mean, in words for the person who has to do something."""

from __future__ import annotations

from urllib.error import HTTPError, URLError

from policygraph.errors import InputError, PolicyGraphError, StoreError, Text
from policygraph.store.credentials import ENV_FILE, ENV_USER

_SYNTAX = Text("该端点认为查询不合 SPARQL 语法（{words}）。", "The endpoint finds a fault in the query ({words}).")
_CHECK_QUERY = Text("请检查查询；细节见端点日志。", "Check the query; the endpoint's log has details.")
_SILENT = Text("该端点没有应答（{words}）。", "The endpoint did not answer ({words}).")
_CHECK_ADDRESS = Text("请检查地址、网络与服务是否在运行。", "Check the address, the network and that the server is running.")
_BY_STATUS: dict[int, tuple[Text, Text]] = {
    401: (
        Text("该端点要求用户名与密码，或所给的不对（{words}）。", "The endpoint wants a user and a password, or other ones ({words})."),
        Text(
            f"请检查 {ENV_USER} 等环境变量，或 {ENV_FILE} 所指的文件。",
            f"Check {ENV_USER} and its companions, or the file that {ENV_FILE} names.",
        ),
    ),
    403: (
        Text("该端点不允许此用户这样做（{words}）。", "The endpoint does not allow this user to do that ({words})."),
        Text("请换用有权限的用户，或有更新权限的地址。", "Use a user who may, or the address that takes updates."),
    ),
    404: (
        Text("该地址没有 SPARQL 服务（{words}）。", "There is no SPARQL service at this address ({words})."),
        Text("请检查地址；更新的地址不同时用 --update。", "Check the address; name the one for updates with --update where it differs."),
    ),
}
_LONGEST = 200


def failed(error: Exception, address: str) -> PolicyGraphError:
    """Return the error for a request that failed, and let go of its connection.

    Args:
        error: What urllib raised.
        address: Where the request went.
    """
    if isinstance(error, HTTPError):
        words = f"HTTP {error.code}{_said(error)}"
        if error.code == 400:
            return InputError(_SYNTAX.format(words=words), _CHECK_QUERY, address)
        what, fix = _BY_STATUS.get(error.code, (_SILENT, _CHECK_ADDRESS))
        return StoreError(what.format(words=words), fix, address)
    cause = error.reason if isinstance(error, URLError) else error
    words = str(cause).strip().splitlines()[0][:_LONGEST] if str(cause).strip() else type(cause).__name__
    return StoreError(_SILENT.format(words=words), _CHECK_ADDRESS, address)


def unreadable_answer(address: str) -> StoreError:
    """Return the error for an answer that is not what SPARQL's protocol says."""
    return StoreError(
        Text("该端点的应答无法读取。", "The endpoint's answer cannot be read."),
        Text("请检查这是否为 SPARQL 1.1 端点的地址。", "Check that this is the address of a SPARQL 1.1 endpoint."),
        address,
    )


def too_long(address: str, most: int) -> StoreError:
    """Return the error for an answer beyond what is read."""
    return StoreError(
        Text(f"该端点的应答超过 {most} 字节，未读完。", f"The endpoint's answer is longer than {most} bytes and was not read to its end."),
        Text("请缩小查询。", "Ask for less."),
        address,
    )


def _said(error: HTTPError) -> str:
    """Return what the server said to it, the first line of a plain text, and close the connection."""
    with error:
        try:
            kind, body = error.headers.get_content_type(), error.read(4 * _LONGEST).decode("utf-8", "replace").strip()
        except (OSError, ValueError):
            return ""
    return f": {body.splitlines()[0][:_LONGEST]}" if body and kind == "text/plain" else ""
