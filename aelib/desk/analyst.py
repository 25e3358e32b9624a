"""`Analyst`: answers questions about models, one after the other, and remembers the models."""

from collections import OrderedDict

from aelib.desk.answers import ANSWERS, asks
from aelib.desk.answers.asks import parse_ask
from aelib.desk.answers.clusterings import Clusterings
from aelib.desk.answers.export import export
from aelib.desk.answers.layouts import Layouts
from aelib.desk.answers.standalone import standalone
from aelib.desk.answers.subject import Subject, load_subject
from aelib.desk.wire import Question
from aelib.progress import Progress
from aelib.runs.folder import RunFolder

#: Subjects that are remembered: models with their codes.
KEPT = 4


class Analyst:
    """Remembers the models that it was asked about; a newer state of a run replaces the older one."""

    def __init__(self) -> None:
        self._subjects: OrderedDict[tuple[str, int], Subject] = OrderedDict()
        self._layouts = Layouts()
        self._clusterings = Clusterings()

    def answer(self, question: Question, tell: Progress) -> bytes:
        """The message that answers a question."""
        ask = parse_ask(question.ask)
        subject = self._subject(RunFolder(question.folder), ask.limit, tell)
        match ask:
            case asks.Project():
                return self._layouts.project(subject, ask, tell, question.start)
            case asks.Place():
                return self._layouts.place(subject, ask, tell)
            case asks.Score():
                return self._layouts.score(subject, ask, tell)
            case asks.Cluster():
                return self._clusterings.answer(subject, ask, tell)
            case asks.Export() | asks.Standalone():
                layout = self._layouts.arrays(subject, ask.projection, question.start)
                clusters = self._clusterings.wished(subject, ask.clustering, question.clusters)
                if isinstance(ask, asks.Export):
                    return export(subject, ask, layout, clusters)
                return standalone(subject, ask, layout, clusters)
            case _:
                return ANSWERS[type(ask)](subject, ask, tell)

    def _subject(self, folder: RunFolder, limit: int, tell: Progress) -> Subject:
        key = (str(folder.path), limit)
        known = self._subjects.get(key)
        if known is None or known.stamp != folder.newest_weights():
            examples = known.examples if known else None
            self._subjects[key] = load_subject(folder, limit, tell, examples)
            while len(self._subjects) > KEPT:
                self._subjects.popitem(last=False)
        self._subjects.move_to_end(key)
        return self._subjects[key]
