"""What PostgreSQL says when it cannot go on, in words that tell a person what to do."""

from pathlib import Path

from commonpurse.errors import NotPossible

TAIL_BYTES = 8_192

DISK_FULL = (
    "There is no room left on the disk that holds {folder}. Free some space there, or move the "
    "folder to another disk and name it in PURSE_DATA. Nothing that was saved is lost."
)
NOT_OURS = (
    "The folder {folder} belongs to somebody else, or its files may not be read. Run "
    "Commonpurse as the folder's owner, or name a folder of your own in PURSE_DATA."
)
OTHER_VERSION = (
    "The folder {folder} was made by another version of PostgreSQL. Start the Commonpurse that "
    "made it and export its data there."
)
NAMELESS = (
    "The account that runs Commonpurse has no name on this machine, and PostgreSQL wants one. "
    "Run it as an account that stands in /etc/passwd, or name a server in DATABASE_URL."
)
LITTLE_MEMORY = (
    "This machine gives PostgreSQL too little shared memory. In a container, raise --shm-size "
    "to 256 MB."
)

SENTENCES = (
    (("shared memory segment", "resize shared memory"), "memory", LITTLE_MEMORY),
    (("No space left", "File too large", "quota exceeded"), "disk_full", DISK_FULL),
    (("Permission denied", "wrong ownership", "Operation not permitted"), "folder", NOT_OURS),
    (("files are incompatible", "initialized by PostgreSQL"), "version", OTHER_VERSION),
    (("could not look up effective user ID",), "account", NAMELESS),
)


def fault(folder: Path, text: str) -> NotPossible:
    """The refusal that fits what PostgreSQL wrote."""
    for marks, code, sentence in SENTENCES:
        if any(mark in text for mark in marks):
            return NotPossible(code, sentence.format(folder=folder))
    return NotPossible(
        "postgres",
        f"PostgreSQL did not start in {folder}. It wrote: {last_line(text) or 'nothing'}",
    )


def last_line(text: str) -> str:
    """The line that most likely says why."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    grave = [line for line in lines if any(w in line for w in ("FATAL", "PANIC", "error:"))]
    return (grave or lines or [""])[-1]


def log_tail(log: Path, since: int) -> str:
    """What was written to the log after byte `since`, at most its last few kilobytes."""
    try:
        with log.open("rb") as file:
            file.seek(max(since, log.stat().st_size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
