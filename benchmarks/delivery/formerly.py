"""``python -m benchmarks.delivery.formerly --port …``: the app with modules as version 0.1.0 delivered them.

No page loads any ahead, and the body of each may wait until its head is acknowledged.
"""

from app.service import modules, nodelay
from benchmarks.delivery.unlinked import no_modules


def leave_alone() -> None:
    """Do nothing to the sockets of the server."""


if __name__ == "__main__":
    modules.closure = no_modules  # before anybody imports them
    nodelay.send_at_once = leave_alone
    from app.__main__ import main

    raise SystemExit(main())
