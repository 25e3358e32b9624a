"""``python -m benchmarks.delivery.unlinked --port …``: the app, but that its pages load no module ahead."""

from app.service import modules


def no_modules(*entries: str) -> list[str]:
    """What pages and components link to."""
    return []


if __name__ == "__main__":
    modules.closure = no_modules  # before anybody imports it
    from app.__main__ import main

    raise SystemExit(main())
