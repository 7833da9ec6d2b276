"""An orderly end, whether it was Ctrl-C or a service's SIGTERM that asked for it."""

import signal


class Stopped(BaseException):
    """The process was asked to end by SIGTERM."""


ASKED_TO_END = (KeyboardInterrupt, Stopped)


def finish_undisturbed() -> None:
    """From now on this process ends by itself; asking again does not hurry it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
