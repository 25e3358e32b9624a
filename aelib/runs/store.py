"""`RunStore`: the list of runs and of sweeps, in SQLite (embedded) or any database that SQLAlchemy reaches by URL."""

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.engine import URL, Engine, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql import ColumnElement

from aelib.errors import ConfigError, RunError
from aelib.experiment import Experiment
from aelib.files import expect_folder
from aelib.sweep import AnySweep, read_sweep

Status = Literal["waiting", "loading", "running", "paused", "stopped", "finished", "diverged", "failed"]
#: The states of a run that a worker should be working on.
ACTIVE: tuple[Status, ...] = ("waiting", "loading", "running")
RUN_ID = re.compile(r"[A-Za-z0-9_-]{22}")

_metadata = MetaData()
_runs = Table(
    "runs",
    _metadata,
    Column("id", String(22), primary_key=True),
    Column("title", String(200), nullable=False, default=""),
    Column("experiment", Text, nullable=False),
    Column("device", String(20), nullable=False),
    Column("status", String(12), nullable=False, default="waiting"),
    Column("message", Text, nullable=False, default=""),
    Column("step", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=0),
    Column("rate", Float, nullable=False, default=0.0),
    Column("saved", Boolean, nullable=False, default=False),
    Column("unattended", Boolean, nullable=False, default=False),
    Column("created", Float, nullable=False),
    Column("heartbeat", Float, nullable=False),
    Column("owner", String(22)),
)
_sweeps = Table(
    "sweeps",
    _metadata,
    Column("id", String(22), primary_key=True),
    Column("spec", Text, nullable=False),
    Column("members", Text, nullable=False),
    Column("created", Float, nullable=False),
)


@dataclass(frozen=True)
class RunRow:
    """What the store knows of a run. Times are seconds since 1970, ``rate`` examples per second.

    ``heartbeat``: when its worker last wrote. ``unattended``: paused because nobody was looking. ``owner``: the
    supervisor in whose workers it is open; None for none, and for one of version 0.1.0.
    """

    id: str
    title: str
    experiment: Experiment
    device: str
    status: Status
    message: str
    step: int
    epoch: int
    rate: float
    saved: bool
    unattended: bool
    created: float
    heartbeat: float
    owner: str | None


class Holding(NamedTuple):
    """A run, its ``owner`` and ``heartbeat``, as in `RunRow`."""

    id: str
    owner: str | None
    heartbeat: float


@dataclass(frozen=True)
class SweepRow:
    """What the store knows of a sweep. ``members``: ids of the runs that train it, in the order of its cells.

    A stacked sweep is one run, whose id is its own; any other has a run for each cell.
    """

    id: str
    spec: AnySweep
    members: tuple[str, ...]
    created: float

    @property
    def is_stacked(self) -> bool:
        """Whether one run trains all cells."""
        return self.members == (self.id,)


def new_id() -> str:
    """A new id for a run or a sweep. None begins with "-": a command line would read it as an option."""
    while (found := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return found


def is_run_id(text: str) -> bool:
    """Whether a text has the form of a run id (nothing else is ever made into a path).

    Ids that begin with "-" are those of version 0.1.0.
    """
    return RUN_ID.fullmatch(text) is not None


class RunStore:
    """Rows of runs and of sweeps; safe to use from several threads and processes.

    A run belongs to whoever holds its id, which cannot be guessed (all but 128 random bits).

    Raises `ConfigError` when runs cannot be kept in ``home``, or their list cannot be opened. ``url``: of another
    database than that in the home.
    """

    def __init__(self, home: Path, url: str | None = None) -> None:
        try:
            (home / "runs").mkdir(parents=True, exist_ok=True)
            expect_folder(home / "runs")
        except OSError as error:
            raise ConfigError(
                f"Runs cannot be kept in {home} ({error.strerror}): set AELIB_HOME to a folder that you can write to."
            ) from None
        self.home = home.absolute()
        file = self.home / "runs.sqlite"
        # Not as a text: what a path may hold has other meanings in a URL.
        self._engine: Engine = create_engine(url or URL.create("sqlite", database=str(file)))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _configure_sqlite)
        try:
            with self._engine.begin() as connection:  # in one statement: other processes may be doing the same
                for table in (_runs, _sweeps):
                    connection.execute(CreateTable(table, if_not_exists=True))
            self._add_missing_column()
        except DBAPIError as error:
            raise ConfigError(
                f"The list of runs, {self._engine.url if url else file}, cannot be opened ({error.orig}): "
                "move it away, or set AELIB_HOME to another folder."
            ) from None

    def _add_missing_column(self) -> None:
        """Version 0.1.0 wrote no owners. It goes on to read and write its own columns."""
        if self._has_owners():
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(text("ALTER TABLE runs ADD COLUMN owner VARCHAR(22)"))
        except DBAPIError:
            if not self._has_owners():  # nor has another process added them at the same time
                raise

    def _has_owners(self) -> bool:
        return any(column["name"] == "owner" for column in inspect(self._engine).get_columns("runs"))

    def create(self, experiment: Experiment, device: str = "auto", title: str = "") -> str:
        """Add a waiting run; returns its id."""
        run_id = new_id()
        now = time.time()
        row = {"id": run_id, "experiment": experiment.model_dump_json(), "device": device, "title": title}
        with self._engine.begin() as connection:
            connection.execute(insert(_runs).values(**row, created=now, heartbeat=now))
        self.folder(run_id).mkdir(parents=True, exist_ok=True)
        return run_id

    def folder(self, run_id: str) -> Path:
        """The folder of a run; `RunError` if the text is no run id."""
        if not is_run_id(run_id):
            raise RunError("This is not the id of a run: copy the whole link, or press Train to start a new run.")
        return self.home / "runs" / run_id

    def get(self, run_id: str) -> RunRow:
        """One run; `RunError` if there is none of that id, or if the text is no run id."""
        self.folder(run_id)
        rows = self._select(_runs.c.id == run_id)
        if not rows:
            raise RunError("This run is not here (any more): press Train to repeat it with the settings in the link.")
        return rows[0]

    def rows(self, *, saved: bool | None = None, status: Sequence[Status] = ()) -> list[RunRow]:
        """Runs, newest first."""
        conditions = []
        if saved is not None:
            conditions.append(_runs.c.saved == saved)
        if status:
            conditions.append(_runs.c.status.in_(status))
        return self._select(*conditions)

    def update(self, run_id: str, **values: Any) -> None:
        """Change columns of a run and its heartbeat; an `Experiment` is stored as JSON."""
        self._change(run_id, true(), **values)

    # --- owners ------------------------------------------------------------------------------------

    def active(self) -> list[Holding]:
        """Who has the runs that a worker should be working on, without a look at what they are: cheap enough to ask
        each second."""
        query = select(_runs.c.id, _runs.c.owner, _runs.c.heartbeat).where(_runs.c.status.in_(ACTIVE))
        with self._engine.connect() as connection:
            return [Holding(*found) for found in connection.execute(query)]

    def owner_file(self, owner: str) -> Path:
        """What tells whether an owner lives (see `aelib.processes.Lifeline`); `RunError` if the text is no id."""
        if not is_run_id(owner):
            raise RunError("This is not the id of an owner of runs.")
        return self.home / "owners" / owner

    def claim(self, run_id: str, owner: str | None, instead_of: str | None = None, **values: Any) -> bool:
        """Make a run its owner's, and change columns as `update` does.

        False, and nothing is changed, when there is no such run or it is another's; ``instead_of``: an owner that is
        gone. Of several who claim a run at once, one gets it.
        """
        nobodys = or_(_runs.c.owner.is_(None), _runs.c.owner.in_([owner, instead_of]))
        return self._change(run_id, nobodys, owner=owner, **values)

    def release(self, run_id: str, owner: str | None, **values: Any) -> bool:
        """Let go of a run, and change columns as `update` does; False, and nothing is changed, when it is another's."""
        return self._change(run_id, _runs.c.owner.is_not_distinct_from(owner), owner=None, **values)

    def _change(self, run_id: str, condition: ColumnElement[bool], **values: Any) -> bool:
        if isinstance(values.get("experiment"), Experiment):
            values["experiment"] = values["experiment"].model_dump_json()
        wanted = update(_runs).where(_runs.c.id == run_id, condition).values(heartbeat=time.time(), **values)
        with self._engine.begin() as connection:
            return connection.execute(wanted).rowcount > 0

    def delete(self, run_id: str) -> None:
        """Forget a run (its folder is the caller's to remove), and a sweep with the last of its runs."""
        with self._engine.begin() as connection:
            connection.execute(delete(_runs).where(_runs.c.id == run_id))
            having_it = select(_sweeps).where(_sweeps.c.members.contains(run_id, autoescape=True))
            for found in connection.execute(having_it).all():
                members = json.loads(found.members)
                if not connection.execute(select(_runs.c.id).where(_runs.c.id.in_(members))).first():
                    connection.execute(delete(_sweeps).where(_sweeps.c.id == found.id))

    # --- sweeps ------------------------------------------------------------------------------------

    def create_sweep(self, spec: AnySweep, device: str = "auto") -> SweepRow:
        """Add a sweep of waiting runs: one for all cells where they can be stacked, else one for each."""
        stacked = spec.is_stackable
        members = [self.create(experiment, device) for experiment in ([spec.base] if stacked else spec.cells)]
        row = SweepRow(members[0] if stacked else new_id(), spec, tuple(members), time.time())
        values = {"id": row.id, "spec": spec.model_dump_json(), "members": json.dumps(members), "created": row.created}
        with self._engine.begin() as connection:
            connection.execute(insert(_sweeps).values(**values))
        return row

    def find_sweep(self, sweep_id: str) -> SweepRow | None:
        """The sweep of that id, if there is one."""
        rows = self._select_sweeps(_sweeps.c.id == sweep_id)
        return rows[0] if rows else None

    def sweep(self, sweep_id: str) -> SweepRow:
        """The sweep of that id; `RunError` if there is none."""
        row = self.find_sweep(sweep_id)
        if row is None:
            raise RunError("This sweep is not here (any more): press Train to repeat it with the settings in the link.")
        return row

    def delete_sweep(self, sweep_id: str) -> None:
        """Forget a sweep, but not its runs."""
        with self._engine.begin() as connection:
            connection.execute(delete(_sweeps).where(_sweeps.c.id == sweep_id))

    def sweeps(self, limit: int | None = None) -> list[SweepRow]:
        """Sweeps, newest first."""
        return self._select_sweeps(limit=limit)

    def is_sweep(self, sweep_id: str) -> bool:
        """Whether there is a sweep of that id."""
        with self._engine.connect() as connection:
            return connection.execute(select(_sweeps.c.id).where(_sweeps.c.id == sweep_id)).first() is not None

    def runs_of_sweeps(self) -> set[str]:
        """The ids of all runs that are part of a sweep."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_sweeps.c.members)).scalars()
            return {run_id for members in rows for run_id in json.loads(members)}

    def close(self) -> None:
        """Give back the database connections."""
        self._engine.dispose()

    def _select(self, *conditions: Any) -> list[RunRow]:
        query = select(_runs).where(*conditions).order_by(_runs.c.created.desc())
        with self._engine.connect() as connection:
            return [row for found in connection.execute(query) if (row := _row(found))]

    def _select_sweeps(self, *conditions: Any, limit: int | None = None) -> list[SweepRow]:
        query = select(_sweeps).where(*conditions).order_by(_sweeps.c.created.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [row for found in connection.execute(query) if (row := _sweep_row(found))]


def _sweep_row(found: Row[Any]) -> SweepRow | None:
    """None for a sweep of another version, whose description means nothing here."""
    try:
        spec = read_sweep(found.spec)
    except ConfigError:
        return None
    return SweepRow(found.id, spec, tuple(json.loads(found.members)), found.created)


def _row(found: Row[Any]) -> RunRow | None:
    """None for a run of another version, whose experiment means nothing here."""
    values = dict(found._mapping)
    try:
        values["experiment"] = Experiment.from_json(values["experiment"])
    except ConfigError:
        return None
    return RunRow(**values)


def _configure_sqlite(connection: Any, record: Any) -> None:
    # WAL lets readers go on while a worker writes; a busy database is waited for, not an error.
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA synchronous=NORMAL")
    for patience in (0.01, 0.03, 0.1, 0.3, 1.0, None):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:  # of two that turn a new database to WAL, one is refused without a wait
            if patience is None:
                raise
            time.sleep(patience)
