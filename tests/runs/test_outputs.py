"""Where a command is to write is asked before its work, which would be lost after it."""

import os
import subprocess
import sys

import pytest

from aelib.commands import cli, pretrain, terminal
from aelib.errors import ConfigError
from aelib.home import pretrained_folder
from aelib.runs import RunStore

#: No model is there: a command that looks for it first says so.
NOWHERE = "no model here"
COMMANDS = {
    "measure": ["measure", NOWHERE, "--output"],
    "compare": ["compare", NOWHERE, "--output"],
    "report": ["compare", NOWHERE, "--report"],
    "export": ["export", NOWHERE, "--output"],
    "script": ["script", NOWHERE, "--output"],
    "sweep": ["sweep", "--data", "mnist", "--code-sizes", "1,2", "--output"],
}


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AELIB_DATA", str(tmp_path / "no data"))
    monkeypatch.chdir(tmp_path)


def one_sentence(capsys, *words):
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aelib: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert all(word in err for word in words), err


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("where", ["folder", "file/result.txt", "file/deeper/result.txt"])
def test_a_place_where_nothing_can_be_written_is_refused_first(command, where, tmp_path, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    assert cli.main([*command, where]) == 1
    one_sentence(capsys, where, "name a file")
    assert (tmp_path / "file").read_text() == "mine"
    assert {path.name for path in tmp_path.rglob("*")} == {"folder", "file"}


def test_missing_folders_are_made(tmp_path):
    model = str(pretrained_folder() / "digits-vanilla")
    assert cli.main(["script", model, "--output", "some/where/train.py"]) == 0
    assert "aelib" in (tmp_path / "some" / "where" / "train.py").read_text()
    assert cli.main(["export", model, "--limit", "3", "--output", "else/where/codes.csv"]) == 0
    assert [path.name for path in (tmp_path / "else" / "where").iterdir()] == ["codes.csv"]


def test_missing_folders_are_not_made_for_a_command_that_fails(tmp_path, capsys):
    assert cli.main(["script", NOWHERE, "--output", "some/where/train.py"]) == 1
    one_sentence(capsys, NOWHERE)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_after_all_is_printed(tmp_path, capsys):
    (tmp_path / "gone").mkdir()
    with pytest.raises(ConfigError, match=r"cannot be written .*\.$"):
        terminal.hand_over("the result", tmp_path / "gone")
    assert capsys.readouterr().out == "the result\n"


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert cli.main(["script", str(pretrained_folder() / "digits-vanilla"), "--output", "pipe"]) == 0
    assert b"aelib" in reader.communicate(timeout=30)[0]
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("command", [["-m", "aelib", "train"], ["-m", "aelib", "app"]])
def test_a_home_that_is_a_file_is_one_sentence(command, tmp_path):
    (tmp_path / "home").write_text("mine")
    done = subprocess.run(
        [sys.executable, *command], env={**os.environ, "AELIB_HOME": str(tmp_path / "home")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert str(tmp_path / "home") in done.stderr
    assert "AELIB_HOME" in done.stderr
    assert (tmp_path / "home").read_text() == "mine"


def test_a_home_whose_folder_of_runs_is_a_file(tmp_path):
    (tmp_path / "runs").write_text("mine")
    with pytest.raises(ConfigError, match=r"set AELIB_HOME to .*\.$"):
        RunStore(tmp_path)


def test_a_list_of_runs_that_is_none(tmp_path):
    (tmp_path / "runs.sqlite").write_text("this is no database" * 100)
    with pytest.raises(ConfigError, match=r"runs\.sqlite.*not a database.*\.$"):
        RunStore(tmp_path)


def test_pretrained_checkpoints_have_a_place(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(sys, "argv", ["pretrain", "--only", "digits-vanilla", "--target", "file/deeper"])
    with pytest.raises(SystemExit):
        pretrain.main()
    assert "file/deeper cannot be written" in capsys.readouterr().err
