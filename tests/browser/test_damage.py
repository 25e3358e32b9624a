"""Runs whose files are damaged or foreign: one plain sentence in the page, and everybody else goes on."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from aelib import Experiment
from aelib.home import pretrained_folder
from tests.browser.conftest import App, Bench


def garbage(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x00" * 100)


def a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(pickle.dumps({"network.encoder.0.weight": [1.0]}))


def cut_short(folder: Path) -> None:
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])


def other_weights(folder: Path) -> None:
    shutil.copy(pretrained_folder() / "digits-vanilla" / "model.safetensors", folder / "model.safetensors")


def foreign_configuration(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "VAE", "latent_dim": 2}')


def damaged_snapshot(folder: Path) -> None:
    (folder / "state.safetensors").write_bytes(b"not a snapshot")


#: What may have happened to a run, and a word of the sentence that says so.
DAMAGES = {
    garbage: "model.safetensors",
    a_pickle: "model.safetensors",
    cut_short: "model.safetensors",
    other_weights: "do not fit",
    foreign_configuration: "config.json",
    damaged_snapshot: "state.safetensors",
}


def test_damaged_runs_say_so_and_disturb_nobody(app: App, bench: Bench, new_page: Callable[..., Page]) -> None:
    healthy = Bench(new_page())
    healthy.page.goto(f"{app.url}/train?variant=linear&epochs=100000")
    healthy.train()
    for damage, word in DAMAGES.items():
        run_id = app.store.create(Experiment.of(variant="linear"), "cpu", "Damaged")
        app.store.update(run_id, status="stopped", saved=True)
        folder = app.store.folder(run_id)
        shutil.copytree(pretrained_folder() / "digits-linear", folder, dirs_exist_ok=True)
        damage(folder)

        bench.open(f"{app.url}/train?run={run_id}")  # its history can still be seen
        bench.press("play")
        bench.wait("status", "failed")
        sentence = bench.page.get_by_test_id("message").inner_text()
        assert word in sentence, damage.__name__
        assert sentence.endswith(".")
        assert "Traceback" not in sentence
        assert bench.page.get_by_test_id("stException").count() == 0

        before = healthy.step
        healthy.wait_step(before + 20)
    healthy.press("stop")
    healthy.wait("status", "stopped")
