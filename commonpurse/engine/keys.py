"""Secrets in files that only one account may read."""

import os
import secrets
from pathlib import Path

from commonpurse.errors import NotPossible

SECRET_BYTES = 32


def keys_folder(folder: Path) -> Path:
    """The folder of secrets, made when it is not there. Raises NotPossible."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise NotPossible("folder", folder_sentence(folder, error)) from error
    return folder


def key_read(folder: Path, name: str) -> str:
    """The secret of this name, or the empty text when there is none yet. Raises NotPossible."""
    try:
        return (folder / name).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise NotPossible("folder", folder_sentence(folder, error)) from error


def key_ensure(folder: Path, name: str) -> str:
    """The secret of this name, drawn on first use. Two processes at once get the same one."""
    keys_folder(folder)
    known = key_read(folder, name)
    if known:
        return known
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, folder / name)
        except FileExistsError:
            pass  # The other process was quicker; its secret counts.
        finally:
            draft.unlink()
    except OSError as error:
        raise NotPossible("folder", folder_sentence(folder, error)) from error
    return key_read(folder, name)


def folder_sentence(folder: Path, error: OSError) -> str:
    """Why nothing can be written there, and what to do about it."""
    if isinstance(error, PermissionError):
        return (
            f"The folder {folder} belongs to somebody else, so Commonpurse cannot use it. "
            "Name a folder of your own in PURSE_DATA, or run Commonpurse as the folder's owner."
        )
    return f"The folder {folder} cannot be used: {error.strerror}. Name another in PURSE_DATA."
