"""Which tests run one after the other in one process, and which lane begins first.

The latent space page comes first and in one piece, for one process with one app server, one Chromium and one analyst;
meanwhile the other goes through the tests of the library, file by file. The other pages come last, file by file for
whoever is free, the longest first: so both end at about the same time.
"""

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent


def lane(file: Path) -> tuple[int, str]:
    """Its turn, and its name: the path below this folder, or what several files share."""
    below = file.relative_to(HERE)
    if below.parts[0] != "browser":
        return 1, str(below)
    if below.name.startswith("test_latent"):
        return 0, "latent space"
    return (2 if below.name == "test_training.py" else 3), str(below)


class Lanes(LoadScopeScheduling):
    """Hands out whole lanes in the order of the collected tests.

    (`--dist loadgroup` of pytest-xdist 3.8 would do, but finds no group under pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return lane(self.config.rootpath / nodeid.partition("::")[0])[1]
