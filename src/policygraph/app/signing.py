"""Signs receipts with an Ed25519 key and verifies them; the cryptography library does the work.

A private key is a PEM file named by POLICYGRAPH_SIGNING_KEY; it never appears in arguments, output or logs.
"""

from __future__ import annotations

import base64
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import InputError, MachineError, Text, unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ENV_KEY = "POLICYGRAPH_SIGNING_KEY"
_FIX = Text(
    "请用 openssl genpkey -algorithm ed25519 -out key.pem 生成，公钥用 openssl pkey -in key.pem -pubout 得出。",
    "Make one with: openssl genpkey -algorithm ed25519 -out key.pem; its public half with: openssl pkey -in key.pem -pubout.",
)


def sign(message: bytes, environment: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """Return signature and public key, both in base64, or None when no key is configured.

    Raises:
        InputError: The key cannot be read or is no Ed25519 private key without a passphrase.
    """
    name = environment.get(ENV_KEY)
    if not name:
        return None
    _require()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    data = _read(name)
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(Text("不是未加密的 Ed25519 私钥。", "This is no unencrypted Ed25519 private key."), _FIX, ENV_KEY)
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(key.sign(message)).decode(), base64.b64encode(public).decode()


def verify(message: bytes, signature: str, public: str) -> bool:
    """Return whether a signature over a message was made with the private half of a public key; both in base64."""
    _require()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(path: str) -> str:
    """Return the public key of a PEM file in base64.

    Raises:
        InputError: The file cannot be read or holds no Ed25519 public key.
    """
    _require()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Ed25519

    key: Ed25519PublicKey | None = None
    try:
        loaded = serialization.load_pem_public_key(_read(path))
        key = loaded if isinstance(loaded, Ed25519) else None
    except ValueError:
        key = None
    if key is None:
        raise InputError(Text("不是 Ed25519 公钥。", "This is no Ed25519 public key."), _FIX, path)
    return base64.b64encode(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)).decode()


def _require() -> None:
    if importlib.util.find_spec("cryptography") is None:
        raise MachineError(
            Text("签名与验签需要 cryptography 库。", "Signing and verifying need the cryptography library."),
            Text("请运行：pip install 'policygraph[signing]'", "Run: pip install 'policygraph[signing]'"),
        )


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(*unreadable(error), name) from error
