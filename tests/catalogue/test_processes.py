"""Several processes on one home: they add the same at once, are killed while they add, look at what is removed."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from aelib import load_dataset
from aelib.data import add_dataset, added_datasets, remove_dataset

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start() -> Iterator:
    """Starts `tests.catalogue.adder`; whoever still lives at the end is killed."""
    started = []

    def begin(*arguments: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.catalogue.adder", *map(str, arguments)]
        child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(child)
        return child

    yield begin
    for child in started:
        child.kill()
        child.communicate()


def go(child: subprocess.Popen) -> None:
    child.stdin.write("\n")
    child.stdin.flush()


def test_of_two_who_add_the_same_at_once_both_get_the_one(home, start):
    children = [start(1), start(1)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        go(child)
    names = {child.stdout.readline().strip() for child in children}
    (info,) = added_datasets()
    assert names == {info.name}
    assert [path.name for path in (home / "data").iterdir() if not path.name.startswith(".")] == [info.name]
    assert not list((home / "data").glob(".part-*"))


def test_who_is_killed_while_adding_leaves_nothing_that_is_listed(home, start, make_data):
    child = start(1, "stop")
    assert child.stdout.readline() == "ready\n"
    go(child)
    assert child.stdout.readline() == "half\n"
    child.kill()
    child.wait()
    (left,) = (home / "data").glob(".part-*")
    assert added_datasets() == []
    orphan = left.with_name(f"{left.name}x")
    left.rename(orphan)
    left = orphan.with_name(f".part-{'0' * 8}-{child.pid}-x")
    shutil.copytree(orphan, left)
    info = add_dataset(make_data())
    assert not orphan.exists()
    assert left.exists()  # somebody elsewhere might still be at work on it
    for path in (left, *left.rglob("*")):
        os.utime(path, (0, time.time() - 4000))
    add_dataset(make_data(seed=1))
    assert not left.exists()
    assert info in added_datasets()


@pytest.mark.skipif(os.name == "nt", reason="there a file that is mapped cannot be removed")
def test_what_is_removed_stays_readable_to_who_has_it_open(home, make_data):
    info = add_dataset(make_data())
    data = load_dataset(info.name)
    remove_dataset(info.name)
    assert not list((home / "data").glob("data-*"))
    assert torch.equal(data.train.x, make_data().train.x)
