"""What a page needs to show an example as the columns of its table, in the table's own units."""

from typing import Any

from aelib.data.table.schema import Category, TableSchema

#: Numbers of an example that pages tell column by column, at most: the columns with which a wide table begins.
NUMBERS = 128
#: Of examples without a table. More numbers than these, of which none has a name, say more as one picture.
UNNAMED_NUMBERS = 32


def shown_columns(table: TableSchema | None, shape: tuple[int, ...]) -> dict[str, Any] | None:
    """The columns as which an example of ``shape`` is shown; None where it is shown as a picture.

    ``columns``: of each its ``name``, the place ``at`` of its first number, its ``width`` in numbers, the ``shift`` and
    ``scale`` that lead back, value = x · scale + shift, and ``words``: those of 0 and 1 of truth values (width 1), of
    which one stands for each number of a category (the greatest number tells which), else None. ``numbers``: those of
    an example that belong to them, the first ones. ``total``: columns that there are.
    """
    if len(shape) != 1:
        return None
    if table is None:
        count = shape[0]
        plain = [_column(f"column {j + 1}", j) for j in range(count)]
        return {"columns": plain, "numbers": count, "total": count} if count <= UNNAMED_NUMBERS else None
    columns: list[dict[str, Any]] = []
    numbers = 0
    for feature in table.features:
        place = table.places[feature.name]
        if place.stop > NUMBERS:
            break
        numbers = place.stop
        if isinstance(feature, Category):
            columns.append(_column(feature.name, place.start, feature.width, words=feature.categories))
        else:
            shift, scale = feature.shift_and_scale(table.scaling)
            columns.append(_column(feature.name, place.start, 1, shift, scale, feature.words))
    return {"columns": columns, "numbers": numbers, "total": len(table.features)} if columns else None


def _column(
    name: str, at: int, width: int = 1, shift: float = 0.0, scale: float = 1.0, words: tuple[str, ...] | None = None
) -> dict[str, Any]:
    return {"name": name, "at": at, "width": width, "shift": shift, "scale": scale, "words": words}
