"""The tree over the leaves has the signed root, and every earlier head is a beginning of it."""

from commonpurse.proof.checkpoints import Checkpoint, checkpoint_open
from commonpurse.proof.faults import Broken, Malformed, Unreadable
from commonpurse.proof.merkle import Layers, tree_root
from commonpurse.proof.reader import MANIFEST, Export, number

CHECKPOINTS = "checkpoints.jsonl"
SINCE = "the earlier checkpoint"


def tree_check(export: Export, hashes: bytes) -> Checkpoint:
    """Check the manifest's checkpoint and every earlier one against the leaves."""
    tree = Layers(hashes)
    head = checkpoint_check(export, tree, str(export.manifest["checkpoint"]), MANIFEST, 0)
    if head.size != export.size:
        raise Broken(MANIFEST, f"its checkpoint is of {head.size} leaves, not {export.size}")
    last = None
    for line, _, row in export.rows(CHECKPOINTS):
        found = checkpoint_check(export, tree, str(row.get("note")), CHECKPOINTS, line)
        if (number(row.get("size"), CHECKPOINTS, line=line), row.get("root")) != (
            found.size,
            found.root.hex(),
        ):
            raise Broken(CHECKPOINTS, "size and root are not those of the note", line=line)
        if last and found.size <= last.size:
            raise Broken(CHECKPOINTS, "the checkpoints are not in order", line=line)
        last = found
    if last != head:
        raise Broken(CHECKPOINTS, "the last checkpoint is not the manifest's")
    return head


def checkpoint_check(export: Export, tree: Layers, note: str, where: str, line: int) -> Checkpoint:
    """One checkpoint: signed under this log's name, and true of the leaves."""
    try:
        checkpoint = checkpoint_open(note, export.keys)
    except Malformed as error:
        raise Broken(where, f"checkpoint: {error}", line=line) from error
    if checkpoint.origin != export.origin:
        raise Broken(where, f"it is a checkpoint of {checkpoint.origin}", line=line)
    if checkpoint.size > tree.size:
        raise Broken(
            where,
            f"it signs {checkpoint.size} leaves and the export has {tree.size}: "
            "the end of the log is missing",
            line=line,
        )
    found = tree_root(tree, checkpoint.size)
    if found != checkpoint.root:
        raise Broken(
            where,
            f"the first {checkpoint.size} leaves have the root {found.hex()}, "
            f"and {checkpoint.root.hex()} is signed",
            line=line,
        )
    return checkpoint


def since_check(export: Export, hashes: bytes, note: str) -> Checkpoint:
    """The log continues the log that somebody kept a checkpoint of."""
    try:
        checkpoint_open(note, export.keys)
    except Malformed as error:
        if "no known key" in str(error) or "does not hold" in str(error):
            raise Broken(SINCE, str(error)) from error
        raise Unreadable(f"{SINCE} is not a checkpoint: {error}.") from error
    return checkpoint_check(export, Layers(hashes), note, SINCE, 0)
