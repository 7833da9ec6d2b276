"""The key that signs the heads of the logs: one file, readable by its owner alone.

It is made on first need, never stored in the database, and opened only where checkpoints are
signed: by the worker, and by the operator's `purse export`.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from commonpurse.errors import Invalid, NotPossible
from commonpurse.proof.notes import Signer

KEY = Path("keys", "record.key")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def signer_load(data: Path) -> Signer:
    """The signer of the data folder `data`; a fresh key is made when it has none yet.

    Two workers that start at once agree on one key: whoever links the file first has made it.
    """
    path = data / KEY
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return signer_read(data)


def signer_read(data: Path) -> Signer:
    """The signer of the data folder `data`: its `keys/record.key`.

    Raises NotPossible when the file is not there or may not be read, Invalid when it is open to
    others or holds no Ed25519 key.
    """
    path = data / KEY
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise NotPossible(
            "no_signing_key",
            "The record's signing key %(path)s cannot be read (%(strerror)s). The worker "
            "makes it when it first runs; run this as the user who runs the worker.",
            path=path,
            strerror=error.strerror,
        ) from error
    if mode & OTHERS:
        raise Invalid(
            "open_signing_key",
            "Others may read the record's signing key %(path)s. Run `chmod 600 %(path)s` "
            "and think about who may have copied it.",
            path=path,
        )
    try:
        private = load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise Invalid(
            "bad_signing_key", "%(path)s does not hold a signing key.", path=path
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Invalid("bad_signing_key", "%(path)s does not hold an Ed25519 key.", path=path)
    return Signer(private)
