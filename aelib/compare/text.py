"""A comparison as text for a terminal, and the sentences that every form of it has."""

from collections.abc import Sequence

from aelib.compare.comparison import Comparison, Duel, MetricRow
from aelib.compare.differences import Value
from aelib.report.report import Figure, Number

#: Beside the best figures of a row.
MARK = "*"


def as_text(found: Comparison) -> str:
    """Tables with a column for each model and each PCA: metrics, errors by class and by noise; then the settings."""
    names = [entry.name for entry in found.entries]
    units = ("Units of the code", *(str(entry.units) for entry in found.entries))
    parts = [
        f"{summary(found)} {MARK} is the best of a row.",
        "\n".join(_table([("", *names), units, *map(_row, found.metrics)])),
        _titled("Squared error by class.", [("", *names), *map(_row, found.classes)]) if found.classes else "",
        *(_noise(found, figure, names) for figure in found.robustness),
        "\n".join(map(outcome, found.duels)),
        _settings(found),
        "\n".join(found.missing),
    ]
    return "\n\n".join(part for part in parts if part)


def summary(found: Comparison) -> str:
    """What the comparison is of."""
    text = f"{found.dataset}: {found.train:,} training and {found.held_out:,} held-out examples"
    return f"{text}, class {found.left_out} left out of training." if found.left_out else f"{text}."


def outcome(duel: Duel) -> str:
    """Who wins how often, and how far a linear model is from PCA."""
    text = f"{duel.model} rebuilds {100 * duel.share:.1f} % of the examples better than {duel.pca}"
    if not duel.angles:
        return f"{text}."
    angles = ", ".join(f"{angle:.2f}°" for angle in duel.angles)
    return f"{text}; its decoder is {angles} from PCA's subspace (principal angles)."


def novelty(found: Comparison, figure: Figure) -> str:
    """Which models never saw a noise in training; empty where all did."""
    names = found.new_to(figure.name)
    return f"Never saw this noise in training: {', '.join(names)}." if names else ""


def _row(row: MetricRow) -> tuple[str, ...]:
    # A blank where others have the mark, so that the digits stand below one another.
    return (row.label, *(f"{text}{MARK if i in row.best else ' '}" for i, text in enumerate(row.shown)))


def _noise(found: Comparison, figure: Figure, names: list[str]) -> str:
    rows = [
        (f"{level:g}", *(Number("", "", line.y[i]).shown for line in figure.lines))
        for i, level in enumerate(figure.lines[0].x)
    ]
    title = f"{figure.title}. {figure.sentence} {novelty(found, figure)}".rstrip()
    return _titled(title, [(figure.x_label, *names), *rows])


def _settings(found: Comparison) -> str:
    equal = f"{len(found.settings.equal)} settings are equal."
    models = [entry.name for entry in found.entries if entry.kind == "model"]
    rows = [(setting.name, *map(said, setting.values)) for setting in found.settings.differing]
    return _titled(f"Settings that differ; {equal}", [("", *models), *rows]) if rows else f"All {equal}"


def said(value: Value) -> str:
    """A setting for people."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return "–".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _titled(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join([title, *_table(rows)])


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([f"  {row[0]:<{widths[0]}}", *(f"{cell:>{w}}" for cell, w in zip(row[1:], widths[1:], strict=True))])
        .rstrip()
        for row in rows
    ]  # fmt: skip
