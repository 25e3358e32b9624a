"""The settings of the app with added data: offered by its title, named by its id, and said to be gone when it is."""

import pytest
import torch

from aelib import DataError, Dataset, Split
from aelib.data import add_dataset, get_info, remove_dataset
from app.settings.settings import (
    STEPS,
    data_titles,
    default_train,
    default_values,
    entry_of,
    experiment_of,
    fits,
    from_query,
    offered,
    switched,
    to_query,
    values_of,
)


@pytest.fixture
def photos(home, make_data):
    return add_dataset(make_data(), title="photos")


def test_a_link_names_added_data_by_its_id(photos):
    values = default_values(photos.name, "variational")
    experiment = experiment_of(values, {})
    assert (experiment.dataset, experiment.data_hash) == (photos.name, photos.content_hash)
    query = to_query(values, experiment.knob_values)
    assert query["data"] == photos.name
    again, knobs, complaints = from_query(query)
    assert complaints == []
    assert experiment_of(again, knobs) == experiment
    assert values_of(experiment) == values


def test_a_title_leads_nobody_to_data(photos):
    values, _, complaints = from_query({"data": "photos"})
    assert values["data"] == "digits"
    assert "There is no data set 'photos'" in complaints[0]


def test_it_is_offered_after_the_librarys(photos, make_data):
    second = add_dataset(make_data(seed=1), title="photos")
    values = default_values("digits", "vanilla")
    names = offered("data", values)
    assert names[0] == "digits"
    assert set(names[-2:]) == {photos.name, second.name}
    titles = data_titles(map(get_info, names))
    assert titles["digits"] == "Digits 8×8"
    assert titles[photos.name] == f"photos ({photos.name[:12]}…)"
    assert offered("left_out", {**values, "data": photos.name}) == [None, 0, 1]


def test_data_that_is_gone_can_be_left_for_other_data(photos):
    experiment = experiment_of(default_values(photos.name, "conditional"), {})
    remove_dataset(photos.name)
    values = values_of(experiment)
    assert photos.name in offered("data", values)
    assert entry_of(photos.name).title == "photos"
    assert "no longer here" in entry_of(photos.name).sentence
    assert fits(photos.name, "vanilla")
    with pytest.raises(DataError, match="no longer here"):
        experiment_of(values, {})
    assert to_query(values, {})["data"] == photos.name
    assert experiment_of(switched(values, "digits", "vanilla"), {}).dataset == "digits"
    _, _, complaints = from_query({"data": photos.name})
    assert "The data 'photos'" in complaints[0]


@pytest.mark.parametrize(("count", "epochs"), [(48, 2000), (1297, 400), (4000, 100)])
def test_few_examples_are_seen_more_often(home, count, epochs):
    x = torch.arange(count * 4).reshape(count, 4)
    train = default_train(add_dataset(Dataset("rows", Split(x), Split(x[:9]))).name)
    assert train["epochs"] == epochs
    assert epochs == 2000 or epochs * (count // train["batch_size"]) >= STEPS
