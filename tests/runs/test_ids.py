"""Ids on a command line: new ones are never taken for options, and neither are those of version 0.1.0."""

import json
import re
import shutil

import pytest

from aelib.commands import cli
from aelib.home import pretrained_folder
from aelib.runs.store import is_run_id, new_id
from aelib.sweep import StructureSweep

#: As `secrets.token_urlsafe` makes one in 64, and one in 4,096.
OLD_IDS = ["-x3Qw_8ZkLmN0pRsTuVwXy", "--3Qw_8ZkLmN0pRsTuVwXy"]
#: Each command that takes a folder; FOLDER is where one can stand.
COMMANDS = {
    "measure": ["measure", "FOLDER", "--limit", "60", "--json"],
    "compare": ["compare", "FOLDER", "--limit", "60", "--json"],
    "curve": ["compare", "FOLDER", "--curve", "FOLDER", "--limit", "60", "--json"],
    "script": ["script", "FOLDER"],
    "export": ["export", "FOLDER", "--limit", "3", "--output", "codes.csv"],
}


def test_no_new_id_can_be_taken_for_an_option():
    ids = [new_id() for _ in range(5000)]
    assert len(set(ids)) == 5000
    assert all(is_run_id(key) and not key.startswith("-") for key in ids)
    assert {key[0] for key in ids} >= {"_", "A", "z", "0"}  # nothing else is left out


def test_runs_and_sweeps_have_such_ids(store, small, monkeypatch):
    drawn = iter([*OLD_IDS, "a" * 22, OLD_IDS[0], "b" * 22, "c" * 22, *OLD_IDS, "d" * 22])
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: next(drawn))
    assert store.create(small()) == "a" * 22
    row = store.create_sweep(StructureSweep(base=small(), setting="latent", values=(1, 2)))
    assert (row.members, row.id) == (("b" * 22, "c" * 22), "d" * 22)


@pytest.mark.parametrize("key", OLD_IDS)
@pytest.mark.parametrize("written", ["{}", "{}/", "./{}"])
def test_the_folder_of_an_old_id_is_no_option(key, written, tmp_path, monkeypatch, capsys):
    shutil.copytree(pretrained_folder() / "digits-vanilla", tmp_path / key)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["script", written.format(key)]) == 0
    assert "aelib" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_takes_it_and_finds_what_it_finds_elsewhere(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    printed = []
    for folder in (OLD_IDS[0], "plain"):
        shutil.copytree(pretrained_folder() / "digits-vanilla", tmp_path / folder)
        assert cli.main([folder if word == "FOLDER" else word for word in command]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_an_old_id_that_is_not_there_gets_its_own_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["measure", OLD_IDS[0]]) == 1
    assert capsys.readouterr().err == f"aelib: {OLD_IDS[0]} is not a checkpoint: it has no config.json.\n"


@pytest.mark.parametrize("command", ["train", "sweep", "measure", "compare", "export", "script"])
def test_no_option_has_the_form_of_an_old_id(command, capsys):
    """So that none is taken for a folder; nor has what it may be shortened to."""
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    options = re.findall(r"(?<!\S)-[\w-]+", capsys.readouterr().out)
    assert "--help" in options
    assert all(len(option) < len(OLD_IDS[0]) for option in options)


def test_an_option_stays_one(tmp_path, monkeypatch, capsys):
    shutil.copytree(pretrained_folder() / "digits-vanilla", tmp_path / OLD_IDS[0])
    monkeypatch.chdir(tmp_path)
    assert cli.main(["measure", "--limit=60", "--json", OLD_IDS[0]]) == 0
    assert json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        cli.main(["measure", "--no-such-option", OLD_IDS[0]])
