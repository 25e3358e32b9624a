"""`Desk`: who answers which question: one analyst all quick ones, one of its own each projection and each clustering
that takes long."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeGuard, TypeVar

from aelib.desk.analyst_process import ENDED, AnalystProcess, Tell
from aelib.desk.answers import asks, clusterings
from aelib.desk.answers.layouts import NOT_AT_HAND, encode_layout
from aelib.desk.wire import Reply
from aelib.errors import AelibError, RunError
from aelib.frames.message import read_meta, unpack
from aelib.latent.clusters import ClusterSpec
from aelib.latent.projection import ProjectionSpec
from aelib.runs.folder import RunFolder

#: Processes that make projections and clusters, at most: each takes a core and some hundred MB, also while it rests.
AT_ONCE = 2
#: Codes of which k-means is quick enough for everybody else to wait for it: a second, of as many units as there are.
QUICK_CODES = 10_000
#: Finished projections and clusters that are kept, in bytes of their messages.
KEPT_BYTES = 64 << 20
#: Seconds after which a process that nobody asks is ended.
IDLE_SECONDS = 600.0
#: Why a file with a projection or clusters of older codes is not made.
MOVED_ON = "The model has trained on since this projection was made: make it again first, or pause the run."

#: A projection or clusters of a model: the folder and the number of examples, and how.
_Of = tuple[str, int, ProjectionSpec | ClusterSpec]
_Spec = TypeVar("_Spec", bound=ProjectionSpec | ClusterSpec)


@dataclass(eq=False)
class Ticket:
    """A question that was asked; give it to `Desk.cancel` to drop it. ``drop``: forget it where it waits its turn."""

    tell: Tell
    drop: Callable[[], None] = lambda: None


@dataclass
class _Job:
    """A projection or clusters that are being made, for whoever asked."""

    ask: str
    folder: Path
    waiting: list[Ticket] = field(default_factory=list)
    process: AnalystProcess | None = None


class Desk:
    """Owns the analysts. All methods are quick, and may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._quick: AnalystProcess | None = None
        self._jobs: dict[_Of, _Job] = {}
        self._finished: OrderedDict[tuple[_Of, int], bytes] = OrderedDict()
        self._layouts: dict[_Of, bytes] = {}  # the newest of each, to begin the next one from
        self._makers: OrderedDict[_Of, AnalystProcess] = OrderedDict()
        self._closed = False

    @property
    def analyst_pids(self) -> list[int]:
        """Process ids of the analysts; the first is of the one for quick questions, where that has been started."""
        with self._lock:
            return [analyst.pid for analyst in (self._quick, *self._makers.values()) if analyst]

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for an answer."""
        with self._lock:
            return bool(self._jobs or (self._quick and self._quick.is_busy))

    def start(self) -> None:
        """Start the analyst, so that the first question need not wait for it."""
        with self._lock:
            self._analyst()

    def ask(self, folder: RunFolder, ask: asks.Ask, tell: Tell, text: str = "") -> Ticket:
        """Ask about the model in a folder; ``tell`` is called, from any thread, with progress and then the answer.

        ``text``: the question as it came, which is sent on as it is.
        """
        ticket, text = Ticket(tell), text or ask.model_dump_json()
        if self._closed:
            tell(ENDED)
        elif isinstance(ask, asks.Project | asks.Cluster) and _takes_long(_spec_of(ask), ask.limit):
            self._make(folder, ask, text, ticket)
        else:
            self._ask_quickly(folder, ask, text, ticket)
        return ticket

    def wait_for(self, folder: RunFolder, ask: asks.Ask, seconds: float) -> bytes:
        """Ask, and wait for the answer; `RunError` when there is none."""
        done = threading.Event()
        found: list[Reply] = []

        def tell(reply: Reply) -> None:
            if reply.kind != "progress":
                found.append(reply)
                done.set()

        self.ask(folder, ask, tell)
        if not done.wait(seconds):
            raise RunError(f"There was no answer within {seconds:g} seconds: try again.")
        if found[0].kind == "failed":
            raise RunError(found[0].text)
        return found[0].message

    def cancel(self, ticket: Ticket) -> None:
        """Nobody wants this any more: what is made for nobody else is stopped, a quick question that waits its
        turn is dropped."""
        stopped = None
        with self._lock:
            for of, job in list(self._jobs.items()):
                if ticket in job.waiting:
                    job.waiting.remove(ticket)
                    if not job.waiting:
                        del self._jobs[of]
                        if job.process:
                            stopped = self._makers.pop(of, None)
            self._advance()
        ticket.drop()
        if stopped:
            stopped.stop()

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            self._closed = True
            unbegun = [ticket for job in self._jobs.values() if not job.process for ticket in job.waiting]
            self._jobs.clear()
            processes = [*self._makers.values(), *([self._quick] if self._quick else [])]
            self._makers.clear()
            self._quick = None
        for ticket in unbegun:
            ticket.tell(ENDED)
        for process in processes:
            process.stop()
            process.join()

    def _ask_quickly(self, folder: RunFolder, ask: asks.Ask, text: str, ticket: Ticket) -> None:
        with self._lock:
            analyst, start, clusters, tell = self._analyst(), "", "", ticket.tell
            if isinstance(ask, asks.Export | asks.Standalone) and _takes_long(ask.clustering, ask.limit):
                stamp = _stamp(folder)
                made = self._finished.get(((str(folder.path), ask.limit, ask.clustering), int(stamp or 0)))
                if made is None:
                    ticket.tell(Reply("failed", text=clusterings.NOT_AT_HAND))
                    return
                clusters, tell = encode_layout(unpack(made)[1]["labels"]), _if_of(stamp, tell)
            if isinstance(ask, asks.Place | asks.Export | asks.Standalone) and _takes_long(ask.projection, ask.limit):
                of = (str(folder.path), ask.limit, ask.projection)
                layout, maker = self._layouts.get(of), self._makers.get(of)
                if layout is None or (isinstance(ask, asks.Place) and not (maker and maker.is_alive)):
                    ticket.tell(Reply("failed", text=NOT_AT_HAND))
                    return
                about, arrays = unpack(layout)
                if not isinstance(ask, asks.Place):
                    if about["stamp"] != _stamp(folder):
                        ticket.tell(Reply("failed", text=MOVED_ON))
                        return
                    tell = _if_of(about["stamp"], tell)
                # Only the process that made it can place points; a file needs but its points.
                analyst = maker if maker and isinstance(ask, asks.Place) else analyst
                start = encode_layout(arrays["points"])
        number = analyst.ask(folder.path, text, tell, start, clusters)
        ticket.drop = partial(analyst.drop, number)

    # --- projections and clusters that take long ---------------------------------------------------

    def _make(self, folder: RunFolder, ask: asks.Project | asks.Cluster, text: str, ticket: Ticket) -> None:
        try:
            stamp = folder.newest_weights()
        except AelibError as error:
            ticket.tell(Reply("failed", text=str(error)))
            return
        of = (str(folder.path), ask.limit, _spec_of(ask))
        with self._lock:
            message = self._finished.get((of, stamp))
            if message is None:
                job = self._jobs.setdefault(of, _Job(text, folder.path))
                job.waiting.append(ticket)
                # Seconds go by before a new process says its first word.
                ticket.tell(Reply("progress", text="Starting"))
                self._advance()
        if message is not None:
            ticket.tell(Reply("answer", message=message))

    def _advance(self) -> None:
        """Start what waits as far as there is room; a resting process makes room."""
        if self._closed:
            return
        for of, job in self._jobs.items():
            if job.process is None:
                maker = self._makers.get(of)
                if maker is None or not maker.is_alive:
                    maker = self._new_maker(of)
                if maker is None:
                    for ticket in job.waiting:
                        ticket.tell(Reply("progress", text="Waiting for another projection"))
                    continue
                job.process = maker
                layout = self._layouts.get(of)
                start = encode_layout(unpack(layout)[1]["points"]) if layout else ""
                maker.ask(job.folder, job.ask, self._told(of, job), start)

    def _new_maker(self, of: _Of) -> AnalystProcess | None:
        for other, maker in list(self._makers.items()):
            idle = not maker.is_busy and other not in self._jobs
            if not maker.is_alive or (idle and len(self._makers) >= AT_ONCE):
                del self._makers[other]
                maker.stop()
        if len(self._makers) >= AT_ONCE:
            return None
        self._makers[of] = AnalystProcess()
        return self._makers[of]

    def _told(self, of: _Of, job: _Job) -> Callable[[Reply], None]:
        def tell(reply: Reply) -> None:
            with self._lock:
                waiting = list(job.waiting)
                if reply.kind != "progress":
                    if self._jobs.get(of) is job:
                        del self._jobs[of]
                    if reply.kind == "answer":
                        self._keep(of, reply.message)
                    self._advance()
            for ticket in waiting:
                ticket.tell(reply)

        return tell

    def _keep(self, of: _Of, message: bytes) -> None:
        stamp = int(read_meta(message)["stamp"])  # of what was read, which may be newer than what was asked about
        self._finished[of, stamp] = message
        if isinstance(of[2], ProjectionSpec):
            self._layouts[of] = message
        while sum(map(len, self._finished.values())) > KEPT_BYTES and len(self._finished) > 1:
            (oldest, _), _ = self._finished.popitem(last=False)
            if all(oldest != kept for kept, _ in self._finished):
                self._layouts.pop(oldest, None)

    # --- processes ---------------------------------------------------------------------------------

    def _analyst(self) -> AnalystProcess:
        self._end_idle()
        if self._quick is None or not self._quick.is_alive:
            self._quick = AnalystProcess()
        return self._quick

    def _end_idle(self) -> None:
        for of, maker in list(self._makers.items()):
            if not maker.is_busy and of not in self._jobs and time.monotonic() - maker.used > IDLE_SECONDS:
                del self._makers[of]
                maker.stop()


def _spec_of(ask: asks.Project | asks.Cluster) -> ProjectionSpec | ClusterSpec:
    return ask.projection if isinstance(ask, asks.Project) else ask.clustering


def _takes_long(spec: _Spec | None, limit: int) -> TypeGuard[_Spec]:
    """Whether a projection or clusters of so many codes are what a process of its own makes, which can be stopped."""
    if spec is None or spec.method == "pca":
        return False
    return spec.method != "k-means" or limit > QUICK_CODES


def _if_of(stamp: str, tell: Tell) -> Tell:
    """Tell an answer only if it is about these weights: there may be newer ones by the time of its turn."""

    def checked(reply: Reply) -> None:
        moved_on = reply.kind == "answer" and read_meta(reply.message)["stamp"] != stamp
        tell(Reply("failed", text=MOVED_ON) if moved_on else reply)

    return checked


def _stamp(folder: RunFolder) -> str:
    """Of the weights that there are now; nothing where they are gone."""
    try:
        return str(folder.newest_weights())
    except AelibError:
        return ""
