"""`Term`: a word of the field, explained."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """``key``: the name in code of what is shown under it, such as that of a readout, a knob or a figure of a report.
    ``name``: as people read it. ``sentence``: what it is, plainly. ``formula``: in Unicode, so that a terminal shows it
    as well as a page; empty where there is none. ``watch``: what to look at. ``also``: other names, of the code or of
    people, by which it is found.
    """

    key: str
    name: str
    sentence: str
    formula: str = ""
    watch: str = ""
    also: tuple[str, ...] = ()

    @property
    def described(self) -> dict[str, str]:
        """What a page shows of it, as it travels."""
        return {"name": self.name, "sentence": self.sentence, "formula": self.formula, "watch": self.watch}
