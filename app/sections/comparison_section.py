"""The section below the panes of a comparison: figures, tables, pictures, a report and scripts."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import streamlit as st

from aelib.compare import Comparison
from aelib.errors import AelibError
from aelib.library import LibraryEntry
from aelib.library.rivals import RivalKey
from aelib.processes import Key
from aelib.report import LIMIT
from aelib.runs import RunFolder

from ..service.rest import stamp, unrest
from ..service.server import current
from .code_sizes import sweeps_of, trained
from .comparison_view import show_comparison
from .progress import Task, result


def comparison_section(keys: list[str], limit: int) -> None:
    """The section for some models and rivals, by their keys. ``limit``: examples of each split, at most."""
    models = _models(keys)
    st.subheader("Compare in numbers", anchor=False)
    st.caption("Errors, accuracies and robustness on examples that none was trained on, beside PCA of each code size.")
    if not models:
        st.info("There is no model among these: add one to compare it with PCA.", icon=":material/add:")
        return
    limit = min(limit, LIMIT)
    found = result(_task("compare", models, {}, limit))
    if not found:
        return
    sweeps = sweeps_of(found)
    if others := trained(sweeps):
        task = _task("compare_curve", models, others, limit)
        if task.look().kind == "none":
            task.start()
        # Until the curve is there, all the rest is.
        found = result(task) or found
    show_comparison(found, sweeps)


def _models(keys: list[str]) -> list[LibraryEntry]:
    """Those that exist and are no rivals, of which every comparison has PCA by itself; the page tells what is gone."""
    found = []
    for key in dict.fromkeys(keys):
        if not RivalKey.parse(key):
            with suppress(AelibError):
                found.append(current().library.look_up(key))
    return found


def _task(name: str, models: Sequence[LibraryEntry], others: Mapping[str, RunFolder], limit: int) -> Task[Comparison]:
    comparisons = current().comparisons

    def job() -> Key:
        ours = [part for entry in models for part in (entry.key, entry.title, stamp(entry.folder))]
        return limit, *ours, *(part for key, folder in others.items() for part in (key, stamp(folder)))

    def start() -> str:
        refusal = next((why for entry in models if (why := unrest(entry.key, entry.folder))), "")
        if not refusal:
            named = [(entry.title, entry.folder.path) for entry in models]
            comparisons.start(job(), named, [folder.path for folder in others.values()], limit)
        return refusal

    return Task(
        name, "Compare", ":material/compare_arrows:", lambda: comparisons.state(job()), start,
        lambda: comparisons.cancel(job()),
    )  # fmt: skip
