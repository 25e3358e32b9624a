"""`Clusterings`: the clusters that one process has found of subjects' codes."""

from pathlib import Path

from aelib.desk.answers import asks
from aelib.desk.answers.layouts import decode_layout
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.latent.clusters import Clusters, ClusterSpec, by_size, find_clusters
from aelib.progress import Progress, silent

#: Clusterings that are remembered; the oldest go first.
KEPT = 8
#: Why there are no clusters to take along.
NOT_AT_HAND = "These clusters are not at hand any more: colour the map by them again first."


class Clusterings:
    """Answers what has to do with clusters."""

    def __init__(self) -> None:
        self._found: dict[tuple[Path, int, int, ClusterSpec], Clusters] = {}

    def answer(self, subject: Subject, ask: asks.Cluster, progress: Progress) -> bytes:
        """The cluster of each example, −1 for none, and how many there are in each."""
        return clusters_message(subject, ask, self.find(subject, ask.clustering, progress))

    def find(self, subject: Subject, spec: ClusterSpec, progress: Progress = silent, made: str = "") -> Clusters:
        """The clusters, found if they are not remembered; ``made``: their labels as they were found elsewhere (see
        `encode_layout`)."""
        key = (subject.folder, subject.stamp, len(subject.codes), spec)
        if key not in self._found:
            there = decode_layout(made, len(subject.codes), 1)
            codes = subject.codes.mean
            self._found[key] = find_clusters(codes, spec, progress) if there is None else by_size(there[:, 0].int())
            while len(self._found) > KEPT:
                del self._found[next(iter(self._found))]
        return self._found[key]

    def wished(self, subject: Subject, spec: ClusterSpec | None, made: str) -> Clusters | None:
        """`find` for a file: None where none are wished for."""
        return None if spec is None else self.find(subject, spec, made=made)


def clusters_message(subject: Subject, ask: asks.Cluster, found: Clusters) -> bytes:
    """Clusters as they travel."""
    spec = ask.clustering
    meta = {"clustering": spec.model_dump(mode="json"), "title": spec.title, "sizes": found.sizes}
    return packed("clusters", subject, ask, meta, {"labels": found.labels})
