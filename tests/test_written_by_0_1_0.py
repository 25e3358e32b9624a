"""What version 0.1.0 wrote keeps opening: a home with its runs and sweeps, a checkpoint, links."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
import torch

from aelib import Autoencoder, Dataset, load_dataset
from aelib.commands.cli import main
from aelib.desk.answers.subject import load_subject
from aelib.experiment import Experiment
from aelib.frames.framelog import read_log
from aelib.frames.message import unpack
from aelib.library import Library
from aelib.runs import RunFolder, Supervisor, supervisor
from aelib.runs.cell import cell_snapshot
from aelib.runs.commands import Play
from aelib.sweep import read_sweep
from app.settings.presets import PRESETS
from app.settings.settings import experiment_of, from_query, to_query, values_of
from app.settings.sweep_settings import sweep_of, wish_from_query
from tests.oldhome import EXPECTED, IDS, LINKS, OLD, copy_home
from tests.runs.steering import status, wait_for

RUNS = ("finished", "paused", "interrupted")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A copy of the old home, and the server of today on it."""
    home = tmp_path_factory.mktemp("old") / "home"
    store = copy_home(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor, "_threads", lambda *_: 1)
        found = SimpleNamespace(store=store, library=Library(store), supervisor=Supervisor(store, devices=["cpu"]))
        found.at_first = {row.id: row for row in store.rows()}
        found.supervisor.start()
        yield found
        found.supervisor.stop()
        store.close()


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_dataset("digits")


def folder(old: SimpleNamespace, name: str) -> RunFolder:
    return RunFolder(old.store.folder(IDS[name]))


def codes(model: Autoencoder, data: Dataset) -> torch.Tensor:
    return model.encode(data.test.x[:3]).detach()


def test_the_list_of_runs_opens(old: SimpleNamespace) -> None:
    rows = old.at_first
    assert {IDS[name]: rows[IDS[name]].status for name in RUNS} == {
        IDS["finished"]: "finished", IDS["paused"]: "paused", IDS["interrupted"]: "running",
    }  # fmt: skip
    assert rows[IDS["finished"]].title == "A VAE of version 0.1.0"
    assert rows[IDS["finished"]].saved
    assert [rows[IDS[name]].step for name in RUNS] == [100, EXPECTED["at"]["paused"], EXPECTED["at"]["interrupted"]]


def test_its_saved_run_is_in_the_library_and_encodes_as_it_did(old: SimpleNamespace, digits: Dataset) -> None:
    assert IDS["finished"] in [entry.key for entry in old.library.entries()]
    model, experiment, step = folder(old, "finished").newest_model()
    assert (experiment.variant, step) == ("variational", 100)
    assert torch.allclose(codes(model, digits), torch.tensor(EXPECTED["codes"]["finished"]), atol=1e-5)


@pytest.mark.parametrize("name", RUNS)
def test_its_moments_are_there_and_its_latent_space_can_be_asked(old: SimpleNamespace, name: str) -> None:
    frames = [unpack(entry.payload)[0] for entry in read_log(OLD / "home" / "runs" / IDS[name] / "frames.log")[1]]
    assert [frame["kind"] for frame in frames] == ["scene"] + ["frame"] * (len(frames) - 1)
    assert len(frames) > 2
    assert load_subject(folder(old, name), 100).codes.mean.shape == (100, 2)


@pytest.mark.parametrize("name", ["paused", "interrupted"])
def test_a_run_that_had_not_ended_ends_where_0_1_0_would_have_ended_it(
    old: SimpleNamespace, digits: Dataset, name: str
) -> None:
    """The loss of its last window and its codes, to what another processor may round differently."""
    wait_for(lambda: status(old, IDS[name]) == "paused")  # the interrupted one is released first
    old.supervisor.send(IDS[name], Play())
    wait_for(lambda: status(old, IDS[name]) == "finished")
    history = json.loads((folder(old, name).path / "history.json").read_text())
    assert history[-1] == pytest.approx(EXPECTED["losses"][name], rel=1e-3)
    model = Autoencoder.load(folder(old, name).path)
    assert torch.allclose(codes(model, digits), torch.tensor(EXPECTED["codes"][name]), rtol=1e-2, atol=1e-2)


def test_knobs_that_were_turned_are_told(old: SimpleNamespace) -> None:
    assert [(event.name, event.value) for event in folder(old, "paused").read_events()] == [("level", 0.5)]


def test_its_sweeps_open(old: SimpleNamespace) -> None:
    stacked, parallel = old.store.sweep(IDS["sweep"]), old.store.sweep(IDS["parallel_sweep"])
    assert stacked.is_stacked
    assert stacked.spec.values == (0.1, 1.0, 10.0)
    assert [old.store.get(run).status for run in parallel.members] == ["finished", "finished"]
    tensors, about = cell_snapshot(RunFolder(old.store.folder(stacked.id)), 2)
    assert Experiment.from_json(about["experiment"]).knob_values["beta"] == 10.0
    assert all(value.isfinite().all() for value in tensors.values())


def test_its_checkpoint_opens(digits: Dataset) -> None:
    model = Autoencoder.load(OLD / "checkpoint")
    assert torch.allclose(codes(model, digits), torch.tensor(EXPECTED["checkpoint"]["codes"]), atol=1e-5)
    sums = model.decode(codes(model, digits)).detach().sum(-1)
    assert torch.allclose(sums, torch.tensor(EXPECTED["checkpoint"]["outputs"]), atol=1e-4)


def test_the_commands_take_its_runs_and_checkpoints(
    old: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = folder(old, "finished").path
    for line in (["script", run], ["measure", run, "--limit", 100], ["compare", run, "--limit", 100],
                 ["export", run, "--output", tmp_path / "codes.csv"],
                 ["measure", OLD / "checkpoint", "--data", "digits", "--limit", 100]):  # fmt: skip
        assert main([str(part) for part in line]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("link", [link for link in LINKS if "experiment" in link], ids=lambda link: link["query"][:60])
def test_a_link_to_a_training_says_what_it_said(link: dict) -> None:
    query = dict(parse_qsl(link["query"]))
    if "preset" in query:
        experiment = PRESETS[query["preset"]].experiment
        query = to_query(values_of(experiment), experiment.knob_values)
    values, knobs, complaints = from_query(query)
    assert complaints == []
    assert experiment_of(values, knobs) == Experiment.from_json(json.dumps(link["experiment"]))


@pytest.mark.parametrize("link", [link for link in LINKS if "sweep" in link], ids=lambda link: link["query"][-60:])
def test_a_link_to_a_sweep_says_what_it_said(link: dict) -> None:
    query = dict(parse_qsl(link["query"]))
    values, knobs, complaints = from_query(query)
    experiment = experiment_of(values, knobs)
    wish, more = wish_from_query(query, experiment)
    assert complaints + more == []
    assert sweep_of(experiment, wish) == read_sweep(json.dumps(link["sweep"]))
