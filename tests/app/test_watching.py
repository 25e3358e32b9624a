"""Files that many wait for are looked at once for all."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from app.service import watching
from app.service.watching import FileWatch

PATIENCE = 60


def in_a_loop(conversation):
    # In a thread: where browser tests ran before, this one has a loop of theirs.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(conversation(), PATIENCE))).result()


def test_each_who_waits_is_told_of_each_kind_of_change(tmp_path):
    path, other, files = tmp_path / "log", tmp_path / "new", FileWatch()

    def write():
        path.write_bytes(b"1")

    def grow():
        with path.open("ab") as file:
            file.write(b"2")

    def change():  # of the same size
        path.write_bytes(b"34")
        os.utime(path, ns=(1, 1))

    def replace():
        other.write_bytes(b"56")
        os.utime(other, ns=(1, 1))
        os.replace(other, path)

    async def conversation():
        async with files.watch(path) as one, files.watch(path) as two:
            seen = await one.change(0)  # that it is not there
            for step in (write, grow, change, replace, path.unlink):
                step()
                found = [await watched.change(seen) for watched in (one, two)]
                assert found[0] == found[1] > seen
                seen = found[0]

    in_a_loop(conversation)


def test_who_comes_later_or_is_woken_does_not_wait(tmp_path):
    files = FileWatch()

    async def conversation():
        async with files.watch(tmp_path) as one:
            seen = await one.change(0)
            async with files.watch(tmp_path) as two:
                assert await two.change(0) == seen
                waiting = asyncio.create_task(two.change(seen))
                await asyncio.sleep(0)
                assert not waiting.done()
                one.wake()
                assert await waiting == seen + 1

    in_a_loop(conversation)


def test_the_looks_do_not_multiply_with_those_who_wait_and_end_with_them(tmp_path, monkeypatch):
    looks, look = [], watching._signatures

    def counted(files):
        looks.append(files)
        return look(files)

    monkeypatch.setattr(watching, "_signatures", counted)
    files, paths = FileWatch(), (tmp_path / "a", tmp_path / "b")

    async def conversation():
        before = asyncio.all_tasks()
        async with files.watch(paths[0]), files.watch(*paths) as both, files.watch(paths[0]):
            await both.change(0)
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0)

    in_a_loop(conversation)
    assert looks
    assert all(found in ([paths[:1]], [paths[:1], paths]) for found in looks)
