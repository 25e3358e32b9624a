"""What the glossary says of collapse is the rule of `aelib`."""

import re

from aelib.glossary import GLOSSARY
from aelib.metrics.likelihood import COLLAPSED_BELOW


def test_the_glossary_names_the_threshold_that_counts():
    formulas = [term.formula for term in GLOSSARY.values()]
    said = [number for formula in formulas for number in re.findall(r"[<≥] ([0-9.]+) nats", formula or "")]
    assert said
    assert {float(number) for number in said} == {COLLAPSED_BELOW}
