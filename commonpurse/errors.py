"""The refusals, one tree: what a person may read when the answer is no.

    PurseError
    ├── NotAllowed   403  this person may not do this
    ├── NotFound     404  there is no such thing here, or it is none of this person's business
    ├── NotPossible  409  it could be done, but not now or not any more
    └── Invalid      422  what was typed or sent cannot be right

Each refusal carries a `code` for programs and a sentence for people that says what to do. The
sentence is a pattern and what stands in it, so that a page can say it in any language.
A programmer's mistake is never one of these: it is an assertion or a ValueError, and it crashes.
"""

from commonpurse.say import Said, say


class PurseError(Exception):
    """A refusal with a code for programs and a sentence for people."""

    status = 500

    def __init__(self, code: str, message: str, *, field: str = "", **values: object) -> None:
        self.message = message if isinstance(message, Said) else say(message, **values)
        super().__init__(self.message)
        self.code = code
        self.field = field


class NotAllowed(PurseError):
    """The person may not do this."""

    status = 403


class NotFound(PurseError):
    """There is no such thing here, or it is none of this person's business."""

    status = 404


class NotPossible(PurseError):
    """It could be done, but not now or not any more."""

    status = 409


class Invalid(PurseError):
    """What was typed or sent cannot be right; `field` names the input where there is one."""

    status = 422
