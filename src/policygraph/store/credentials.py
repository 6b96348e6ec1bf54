"""Who asks at a remote store: read from the environment or from a file, never from a command line, and never shown.

`POLICYGRAPH_STORE_USER` and `POLICYGRAPH_STORE_PASSWORD` come first. Otherwise `POLICYGRAPH_STORE_CREDENTIALS` names a file in the form of
.netrc (`machine HOST login USER password PASSWORD`) that its owner alone may read. `POLICYGRAPH_STORE_AUTH` may say `basic` or `digest`;
without it the server chooses, but Basic sends the password readably and is then used over https and on this machine only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import Text, UsageError, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

ENV_USER, ENV_PASSWORD = "POLICYGRAPH_STORE_USER", "POLICYGRAPH_STORE_PASSWORD"
ENV_FILE, ENV_SCHEME = "POLICYGRAPH_STORE_CREDENTIALS", "POLICYGRAPH_STORE_AUTH"
SCHEMES = ("basic", "digest")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and its password.

    Attributes:
        user: The name.
        password: Its password; no repr shows it.
        scheme: basic or digest; empty when the server may choose.
    """

    user: str
    password: str = field(repr=False)
    scheme: str = ""


def read_credentials(host: str, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return the credentials for a host, None if there are none.

    Raises:
        UsageError: They are incomplete, or their file cannot be read or may be read by others.
    """
    scheme = environment.get(ENV_SCHEME, "").lower()
    if scheme and scheme not in SCHEMES:
        raise UsageError(
            Text("只能是 basic 或 digest。", "It must be basic or digest."),
            Text("请改正此环境变量，或将其删去。", "Correct this environment variable, or remove it."),
            ENV_SCHEME,
        )
    user, password = environment.get(ENV_USER, ""), environment.get(ENV_PASSWORD, "")
    if bool(user) != bool(password):
        raise UsageError(
            Text("用户名与密码须同时给出。", "User and password belong together."),
            Text(f"请同时设置 {ENV_USER} 与 {ENV_PASSWORD}。", f"Set {ENV_USER} and {ENV_PASSWORD} both."),
            ENV_PASSWORD if user else ENV_USER,
        )
    if not user and (name := environment.get(ENV_FILE)):
        user, password = _from_file(Path(name).expanduser(), host)
    return Credentials(user, password, scheme) if user else None


def _from_file(path: Path, host: str) -> tuple[str, str]:
    """Return user and password for a host from a file in the form of .netrc, empty if it has none."""
    from netrc import NetrcParseError, netrc

    try:
        open_to_others = path.stat().st_mode & 0o077
        found = None if open_to_others else netrc(path).authenticators(host)
    except OSError as error:
        raise UsageError(*unreadable(error), str(path)) from error
    except (NetrcParseError, UnicodeDecodeError):
        # Its message would quote the file.
        raise UsageError(
            Text("此凭证文件不合 .netrc 的格式。", "This file of credentials is not in the form of .netrc."),
            Text("每行写成：machine 主机 login 用户 password 密码", "Write lines such as: machine HOST login USER password PASSWORD"),
            str(path),
        ) from None
    if open_to_others:
        raise UsageError(
            Text("凭证文件可被他人读取。", "The file of credentials can be read by others."),
            Text("请执行 chmod 600。", "Run chmod 600 on it."),
            str(path),
        )
    return (found[0], found[2] or "") if found else ("", "")
