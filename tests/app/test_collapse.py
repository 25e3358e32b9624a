"""What the browser says of collapse is the rule of `aelib`."""

import re

from aelib.metrics.likelihood import COLLAPSED_BELOW
from tests.imports import ROOT


def test_the_browser_names_the_threshold_that_counts():
    text = (ROOT / "app/web/base/collapse.js").read_text(encoding="utf-8")
    said = re.findall(r"below ([0-9.]+) nats", text)
    assert len(said) == 2
    assert {float(number) for number in said} == {COLLAPSED_BELOW}
