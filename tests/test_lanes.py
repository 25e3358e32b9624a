"""How `make test` shares the tests out to its processes."""

from types import SimpleNamespace

from tests.lanes import HERE, Lanes, lane


def test_the_latent_space_page_is_one_lane_and_every_other_file_its_own():
    files = sorted(sorted(HERE.glob("**/test_*.py")), key=lane)
    turns = [lane(file) for file in files]
    latent = [file for file in files if lane(file)[1] == "latent space"]
    assert files[: len(latent)] == latent == sorted((HERE / "browser").glob("test_latent*.py"))
    assert len(set(turns)) == len(files) - len(latent) + 1
    browser = [file.is_relative_to(HERE / "browser") for file in files[len(latent) :]]
    assert browser == sorted(browser)  # the library, then the other pages


def test_a_test_belongs_to_the_lane_of_its_file():
    scheduler = SimpleNamespace(config=SimpleNamespace(rootpath=HERE.parent))
    node = "tests/core/test_conv.py::test_it[a::b]"
    assert Lanes._split_scope(scheduler, node) == lane(HERE / "core" / "test_conv.py")[1]
