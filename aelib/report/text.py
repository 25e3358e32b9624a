"""A report as text, for a terminal."""

from aelib.glossary.text import as_list
from aelib.report.report import Report, Section


def as_text(report: Report) -> str:
    """One table for each section: label, value, and the same of PCA where it has one. Then the terms used."""
    head = f"{report.dataset}: {report.train:,} training and {report.held_out:,} held-out examples"
    if report.left_out:
        head += f", class {report.left_out} left out of training"
    return "\n\n".join([head, *map(_section, report.sections), f"Terms.\n{as_list(report.terms)}"])


def _section(section: Section) -> str:
    with_pca = any(number.shown_pca for number in section)
    rows = [("", "model", "PCA" if with_pca else "")] if section.numbers else []
    rows += [(number.label, number.shown, number.shown_pca) for number in section]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    table = [
        f"  {label:<{widths[0]}}  {ours:>{widths[1]}}  {theirs:>{widths[2]}}".rstrip() for label, ours, theirs in rows
    ]
    return "\n".join([f"{section.title}. {section.sentence}", *table, *(f"  {reason}" for reason in section.missing)])
