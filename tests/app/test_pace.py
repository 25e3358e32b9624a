"""The pace of the next run: what a browser says it is, if that makes sense."""

from typing import Any

import pytest

from aelib.runs.commands import SetPace
from app.settings import pace as module
from app.settings.pace import WATCHED, pace, take_pace


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(module.st, "session_state", state)
    return state


def test_the_pace_chosen_last_is_that_of_the_next_run() -> None:
    assert pace() == SetPace(steps_per_second=WATCHED)
    take_pace({"steps_per_second": 10})
    assert pace() == SetPace(steps_per_second=10)
    take_pace({"steps_per_second": None})
    assert pace() == SetPace()


@pytest.mark.parametrize(
    "value",
    ["fast", 3, [], {"steps_per_second": "x"}, {"steps_per_second": -1}, {"steps_per_second": float("nan")},
     {"steps_per_second": 1e300}, {"type": "stop"}, {"more": 1}, {1: 2}],
)  # fmt: skip
def test_what_is_no_pace_changes_nothing(value: object) -> None:
    take_pace({"steps_per_second": 10})
    take_pace(value)
    assert pace() == SetPace(steps_per_second=10)
