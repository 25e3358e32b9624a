"""What the folders that pictures lie in say: which class a picture is of, and whether it is trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

from aelib.reading import shown

_TRAINING = frozenset({"train", "training"})
_HELD_OUT = frozenset({"test", "testing", "val", "valid", "validation"})
BESIDE = "beside the folders"
#: What a folder is called of whose name nothing can be shown.
NAMELESS = "(empty)"


@dataclass(frozen=True)
class Arrangement:
    """Of each picture that is used its place in the list (``kept``), class and whether it is held out.

    ``classes`` and ``held_out`` are None where the folders do not tell. ``beside``: places of pictures that lie beside
    the folders of classes, or of training and test, and are not used.
    """

    kept: tuple[int, ...]
    classes: tuple[str, ...] | None
    held_out: tuple[bool, ...] | None
    beside: tuple[int, ...]


def arrange(paths: Sequence[tuple[str, ...]], *, classes: bool) -> Arrangement:
    """Read the folders of pictures, each given by its folders and its name.

    Folders that all pictures share are wrapping. Where what is left begins with "train" on one side and "test", "val"
    or the like on the other, those are the training and the held-out pictures; each may have wrapping of its own. The
    next folder is the class, as torchvision's ``ImageFolder`` has it (``classes``: whether it is asked for), however
    deep below it the picture lies. Pictures beside such folders are not used, unless they are half of all or more: then
    there are no classes.
    """
    places = range(len(paths))
    texts: dict[str, str] = {}
    folders = [tuple(texts.setdefault(part, shown(part) or NAMELESS) for part in path[:-1]) for path in paths]
    folders = _unwrapped(folders)
    held_out: dict[int, bool] | None = None
    inside = [place for place in places if folders[place]]
    used = list(places)
    if _is_most(inside, used) and _has_both({folders[place][0].casefold() for place in inside}):
        held_out = {place: folders[place][0].casefold() in _HELD_OUT for place in inside}
        used, within = inside, _unwrapped([folders[place][1:] for place in inside])
        folders = [() for _ in places]
        for place, path in zip(inside, within, strict=True):
            folders[place] = path
        inside = [place for place in used if folders[place]]
    labelled = classes and _is_most(inside, used)
    if labelled:
        used = inside
    kept = set(used)
    return Arrangement(
        kept=tuple(used),
        classes=tuple(folders[place][0] for place in used) if labelled else None,
        held_out=None if held_out is None else tuple(held_out[place] for place in used),
        beside=tuple(place for place in places if place not in kept),
    )


def _unwrapped(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the folders that all share."""
    if not folders:
        return folders
    first, last = min(folders), max(folders)  # what these two share, all share
    shared = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return [path[shared:] for path in folders]


def _is_most(inside: list[int], used: list[int]) -> bool:
    return 2 * len(inside) > len(used)


def _has_both(tops: set[str]) -> bool:
    return tops <= _TRAINING | _HELD_OUT and bool(tops & _TRAINING) and bool(tops & _HELD_OUT)
