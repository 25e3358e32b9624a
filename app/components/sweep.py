"""The sweep component: all cells of a sweep while they train (see `web/sweep/sweep.js`)."""

from typing import Any

from aelib.runs import SweepRow
from aelib.sweep import SweepSpec

from .component import declare

_component = declare(
    "autoencoder_sweep", "sweep/sweep", ("base/base", "base/explained", "run/transport", "sweep/sweep")
)


def sweep(row: SweepRow) -> Any:
    """Show a sweep, live. The result has ``open``: the cell, from 0, that the user wants as a run of its own."""
    return _component(
        key="sweep_view",
        data={
            "key": row.id,
            "members": list(row.members),
            "stacked": row.is_stacked,
            "label": label_of(row),
            "names": list(row.spec.names),
            "values": [value if isinstance(value, int | float) else None for value in row.spec.values],
            "scale": scale_of(row),
        },
        on_open_change=lambda: None,
    )


def label_of(row: SweepRow) -> str:
    """What is swept, as the axis of a figure says it."""
    spec = row.spec
    if isinstance(spec, SweepSpec):
        return f"{spec.described.label} {spec.described.symbol}" if spec.described else "Seed"
    return {"latent": "Code size", "hidden": "Hidden layers", "variant": "Variant"}[spec.setting]


def scale_of(row: SweepRow) -> str:
    """Whether its values are drawn on a linear or a logarithmic axis."""
    spec = row.spec
    if isinstance(spec, SweepSpec):
        return spec.described.scale if spec.described else "linear"
    return "log" if spec.setting == "latent" else "linear"
