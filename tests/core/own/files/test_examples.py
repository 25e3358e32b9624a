"""The examples of what people add: files as they have them, the same whenever they are made."""

import pytest

from aelib.data.examples import EXAMPLES, FIGURES, PARCELS
from aelib.data.read import kind_of, read_data


@pytest.fixture(params=EXAMPLES)
def example(request, tmp_path):
    made = EXAMPLES[request.param]
    path = tmp_path / made.name
    path.write_bytes(made.make())
    return request.param, path


def test_they_are_read_as_own_files_are_with_all_that_own_files_have(example):
    name, path = example
    data = read_data(path)
    assert EXAMPLES[name].make() == path.read_bytes()
    if name == "pictures":
        assert (kind_of(path), data.shape[0], len(data.train) + len(data.test)) == ("zip", 3, 3 * FIGURES)
        assert {known.train for known in data.report.classes} == {round(0.8 * FIGURES)}
        assert data.report.smallest != data.report.largest
        return
    assert (kind_of(path), data.table.label, data.classes) == ("table", "category", ("box", "letter", "tube"))
    assert f"of {PARCELS} rows have a missing value in 'weight (kg)', 'material'" in data.report.missing
    assert {left.name for left in data.table.left_out} == {"parcel", "sent"}
    assert sorted(data.table.rows) == [*range(1, PARCELS + 1)]
