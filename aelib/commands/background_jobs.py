"""Commands at work in processes beside a server: measurements, worst rows, comparisons, previews and imports."""

from collections.abc import Sequence
from pathlib import Path

from aelib.anomalies import Finding
from aelib.commands.data_import import Imported
from aelib.compare import Comparison
from aelib.data.added import remove_unfinished
from aelib.data.description import MAX_TITLE
from aelib.data.preview import Look
from aelib.processes import Jobs, Key
from aelib.processes.jobs import AT_ONCE
from aelib.reading import shown
from aelib.report import Report


class Measurements(Jobs[Report]):
    """Runs of ``aelib measure``."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__("aelib.report", Report.from_json, at_once)

    def start(self, key: Key, folder: Path) -> None:
        """Measure the checkpoint in a folder."""
        self.begin(key, [str(folder)])


#: Findings that are kept: each holds a table.
FINDINGS = 20


class WorstRows(Jobs[Finding]):
    """Runs of ``aelib anomalies``."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__("aelib.commands.anomalies", Finding.from_json, at_once, FINDINGS, "search")

    def start(self, key: Key, folder: Path, rows: str, count: int) -> None:
        """Look for the worst ``count`` rows of those that ``rows`` names (see `aelib.commands.anomalies.ROWS`)."""
        self.begin(key, [str(folder), f"--rows={rows}", f"--count={count}"])


class Comparisons(Jobs[Comparison]):
    """Runs of ``aelib compare``, with the scripts of the runs."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__("aelib.commands.compare", Comparison.from_json, at_once)

    def start(self, key: Key, models: Sequence[tuple[str, Path]], others: Sequence[Path], limit: int) -> None:
        """Compare the checkpoints in some folders, by the names that they are given; ``others`` are for the curve of
        error by code size alone."""
        names, curve = [f"--name={name}" for name, _ in models], [f"--curve={folder}" for folder in others]
        self.begin(key, [*(str(folder) for _, folder in models), *names, *curve, f"--limit={limit}"])


#: Previews that are kept: each holds some pictures.
PREVIEWS = 20
IMPORT = "aelib.commands.data_import"


class Previews(Jobs[Look]):
    """What data that is not added yet would be."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__(IMPORT, Look.from_json, at_once, PREVIEWS, "preview")

    def start(self, key: Key, path: Path, options: str, name: str) -> None:
        """Look at a file or folder, read with ``options`` (JSON) of the kind that it is of."""
        self.begin(key, ["--preview", *_arguments(path, options, name)])


class Imports(Jobs[Imported]):
    """Data on its way into the home."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__(IMPORT, Imported.from_json, at_once, noun="import", tidy=remove_unfinished)

    def start(self, key: Key, path: Path, options: str, name: str, title: str) -> None:
        """Add a file or folder, read with ``options`` (JSON) of the kind that it is of."""
        self.begin(key, [f"--title={shown(title, MAX_TITLE)}", *_arguments(path, options, name)])


def _arguments(path: Path, options: str, name: str) -> list[str]:
    return [f"--options={options}", f"--name={name}", f"--path={path}"]
