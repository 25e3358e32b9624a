"""The compare page: two to four models of the same data side by side, PCA and the pixels themselves among them."""

from collections import Counter
from typing import Any

import streamlit as st

from aelib import VARIANTS, Experiment
from aelib.data import DatasetInfo, list_datasets
from aelib.errors import AelibError
from aelib.library import LibraryEntry
from aelib.library.rivals import RivalKey
from aelib.runs.store import ACTIVE, is_run_id

from ..components.compare import compare_panes
from ..components.plain import plain
from ..sections.comparison_section import comparison_section
from ..service import listing
from ..service.server import current
from ..settings.settings import data_titles, default_train, entry_of, fits

#: Panes, at least and at most.
FEWEST, MOST = 2, 4
#: Keys of a link that are looked up, at most: it may name a thousand, and each PCA among them would be made.
LOOKED_UP = 8
#: What is compared before anybody chose anything.
FEATURED = ("digits-vanilla", "digits-variational", "pca-digits-2")
#: Examples on the maps, at most: the same in all panes.
LIMIT = 2_000
USUAL_DATA = "digits"
#: Trained side by side unless somebody chooses others.
USUAL_VARIANTS = ("vanilla", "variational")


def compare_page() -> None:
    """The whole page."""
    entries = _wanted()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="compare_choice"):
        dataset = _choose(entries)
        _add_rival(dataset, entries)
        _train_side_by_side(dataset)
    if len(entries) < FEWEST:
        st.info(
            "Choose two to four models of the same data; PCA and the pixels count as models.", icon=":material/add:"
        )
        _suggest(dataset, entries)
        return
    compare_panes(_abouts(entries), LIMIT)
    comparison_section([entry.key for entry in entries], LIMIT)


# --- which models ----------------------------------------------------------------------------------


def _wanted() -> list[LibraryEntry]:
    """What the link names, as far as it can be compared; a sentence for whatever cannot.

    Whoever comes with one model finds PCA beside it; whoever took PCA away does not.
    """
    given = st.query_params.get("open")
    keys = _featured() if given is None else [key for key in given.split(",") if key]
    found, complaints = [], []
    names = list(dict.fromkeys(keys))
    if len(names) > LOOKED_UP:
        complaints.append(f"The link names {len(names):,} models: only the first {LOOKED_UP} of them are looked for.")
    for key in names[:LOOKED_UP]:
        try:
            found.append(current().library.look_up(key))
        except AelibError as error:
            complaints.append(f"{key[:40]}: {error}")
    same = [entry for entry in found if _data_of(entry) == _data_of(found[0])]
    if len(same) < len(found):
        others = {entry.experiment.info.title for entry in found if entry not in same}
        here = found[0].experiment.info.title
        complaints.append(
            f"Models can be compared on the same data only: {' and '.join(sorted(others))} is not {here}."
        )
    if len(same) == 1 and st.session_state.get("compare_models") != keys:
        same += _rival_of(same[0])
    if len(same) > MOST:
        complaints.append(f"Up to {MOST} models are compared at a time: these are the first {MOST} of {len(same)}.")
    for complaint in complaints:
        st.warning(plain(complaint))
    return same[:MOST]


def _featured() -> list[str]:
    shipped = {entry.key for entry in current().library.entries()}
    return [key for key in FEATURED if key in shipped or RivalKey.parse(key)]


def _data_of(entry: LibraryEntry) -> str:
    """The name of its data as it is here: what was added elsewhere may be here by another id."""
    return entry.experiment.info.name


def _rival_of(entry: LibraryEntry) -> list[LibraryEntry]:
    """PCA of equal code size, or of as many units as there can be."""
    network = entry.experiment.network
    try:
        return [current().library.look_up(f"pca-{_data_of(entry)}-{min(network.latent, network.features)}")]
    except AelibError as error:
        st.warning(plain(str(error)))
        return []


def _choose(entries: list[LibraryEntry]) -> str:
    """The widgets that say what is compared, and the data set: they follow the link, and it follows them."""
    keys, listed = [entry.key for entry in entries], listing.models()
    if st.session_state.get("compare_models") != keys:
        st.session_state["compare_models"] = keys
    if entries:
        st.session_state["compare_data"] = _data_of(entries[0])
    dataset = str(st.session_state.setdefault("compare_data", USUAL_DATA))
    _follow(keys)
    options = _options(dataset, entries, listed)
    titles = data_titles(_datasets([*listed, *entries], dataset))
    st.selectbox(
        "Data set", list(titles), format_func=titles.__getitem__, key="compare_data", on_change=_switch_data, width=170
    )
    st.multiselect(
        "Models", list(options), format_func=lambda key: options.get(key, key), key="compare_models",
        max_selections=MOST, on_change=lambda: _follow(st.session_state["compare_models"]),
        placeholder="Choose two to four models",
    )  # fmt: skip
    return dataset


def _datasets(entries: list[LibraryEntry], chosen: str) -> list[DatasetInfo]:
    """What there are models of, and what is chosen: in the order of the catalogue, and at last what is not here."""
    used = {info.name: info for info in (entry.experiment.info for entry in entries)}
    used.setdefault(chosen, entry_of(chosen))
    here = [info for info in list_datasets() if info.name in used]
    return [*here, *(info for info in used.values() if info not in here)]


def _follow(keys: list[str]) -> None:
    """Write the choice to the link."""
    joined = ",".join(keys)
    if st.query_params.get("open") != joined:
        st.query_params["open"] = joined


def _switch_data() -> None:
    """Another data set was chosen: its first model, which is then compared with PCA."""
    dataset = st.session_state["compare_data"]
    first = next((entry.key for entry in listing.models() if _data_of(entry) == dataset), "")
    st.query_params["open"] = first  # nothing, if the last model of that data has been deleted meanwhile


def _options(dataset: str, entries: list[LibraryEntry], listed: list[LibraryEntry]) -> dict[str, str]:
    """Titles of the models of that data, and of rivals of their code sizes, by their keys."""
    models = [entry for entry in listed if _data_of(entry) == dataset]
    titles = {entry.key: _title(entry) for entry in [*models, *entries]}
    if entry_of(dataset).is_here():
        sizes = sorted({min(_features(dataset), entry.experiment.network.latent) for entry in models})
        rivals = {f"pca-{dataset}-{size}": f"PCA, {_units(size)}" for size in sizes}
        titles = {**titles, f"pixels-{dataset}": "Pixels", **rivals}
    return titles


def _features(dataset: str) -> int:
    return Experiment.of(dataset, "linear").network.features


def _units(count: int) -> str:
    return f"{count} unit{'' if count == 1 else 's'}"


def _title(entry: LibraryEntry) -> str:
    if entry.kind == "rival":
        return entry.title
    return f"{entry.title} · {entry.summary if entry.kind == 'recent' else entry.kind}"


def _add_rival(dataset: str, chosen: list[LibraryEntry]) -> None:
    """PCA with a code of any size."""
    with st.popover("Add PCA", icon=":material/add:"):
        features = _features(dataset)
        size = st.number_input("Components", 1, features, min(8, features), key="compare_pca")
        if st.button("Add it", key="compare_add_pca", type="primary", disabled=len(chosen) >= MOST):
            _show([*(entry.key for entry in chosen), f"pca-{dataset}-{int(size)}"])
        if len(chosen) >= MOST:
            st.caption(f"There are {MOST} models already: take one away first.")


# --- the panes -------------------------------------------------------------------------------------


def _abouts(entries: list[LibraryEntry]) -> list[dict[str, Any]]:
    """What the component is told of each; titles that are alike are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        seen[entry.title] += 1
        again = f" ({seen[entry.title]})" if seen[entry.title] > 1 else ""
        latent, rival = entry.experiment.network.latent, RivalKey.parse(entry.key)
        pixels = rival is not None and rival.units is None
        found.append({
            "key": entry.key,
            "title": entry.title + again,
            "line": "the examples themselves" if pixels else _line(entry),
            "runs": _may_run(entry.key),
            "method": "umap" if pixels else "axes" if latent <= 2 else "pca",
        })  # fmt: skip
    return found


def _line(entry: LibraryEntry) -> str:
    units = _units(entry.experiment.network.latent)
    return {"recent": units, "rival": "in closed form"}.get(entry.kind, f"{units} · {entry.kind}")


def _may_run(key: str) -> bool:
    """Whether it trains, or would if somebody looked: whoever compares it looks at it."""
    if RivalKey.parse(key) or not is_run_id(key):
        return False
    row = current().store.get(key)
    return row.status in ACTIVE or row.unattended


# --- training side by side -------------------------------------------------------------------------


def _train_side_by_side(dataset: str) -> None:
    with st.popover("Train side by side", icon=":material/play_arrow:"):
        st.caption("The same data, seed and batches for each: what differs is the variant.")
        names = [name for name in VARIANTS if fits(dataset, name)]
        chosen = st.multiselect(
            "Variants", names, [name for name in USUAL_VARIANTS if name in names], key="compare_variants",
            format_func=lambda name: VARIANTS[name].title, max_selections=MOST,
        )  # fmt: skip
        train = default_train(dataset)
        latent = st.number_input("Code size", 1, 4096, 2, key="compare_latent")
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="compare_seed")
        epochs = st.number_input("Epochs", 1, 1_000_000, train["epochs"], key="compare_epochs")
        if st.button("Train", key="compare_train", type="primary", disabled=len(chosen) < FEWEST):
            _launch(dataset, chosen, int(latent), {**train, "epochs": int(epochs), "seed": int(seed)})


def _launch(dataset: str, variants: list[str], latent: int, train: dict[str, int]) -> None:
    server = current()
    try:
        experiments = [Experiment.of(dataset, name, network={"latent": latent}, train=train) for name in variants]
        runs = [server.supervisor.launch(experiment) for experiment in experiments]
    except AelibError as error:
        st.error(plain(str(error)))
        return
    for run_id in runs:
        server.expect_viewer(run_id)
    _show(runs)


def _suggest(dataset: str, chosen: list[LibraryEntry]) -> None:
    """What could be compared, each a click away: models of the chosen data, and what is compared at first."""
    library = {entry.key: entry for entry in listing.models()}
    here = [*(entry.key for entry in chosen), *(key for key, entry in library.items() if _data_of(entry) == dataset)]
    offered = {}
    for keys in (list(dict.fromkeys(here))[:FEWEST], _featured()):
        titles = [library[key].title if key in library else "PCA" for key in keys]
        if len(keys) >= FEWEST and any(key in library for key in keys):
            offered[", ".join(titles[:-1]) + f" and {titles[-1]}"] = keys
    if not offered:
        return
    st.markdown("**For example**")
    with st.container(horizontal=True, gap="small", key="compare_offers"):
        for at, (text, keys) in enumerate(offered.items()):
            if st.button(plain(text), icon=":material/compare_arrows:", key=f"compare_offer_{at}", width="content"):
                _show(keys)


def _show(keys: list[str]) -> None:
    st.query_params["open"] = ",".join(keys)
    st.rerun()
