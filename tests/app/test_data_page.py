"""The Data page: what is chosen is looked at beside the server, added, listed and removed."""

import time
from types import SimpleNamespace

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from aelib import Experiment, load_dataset
from aelib.commands.background_jobs import Imports
from aelib.data import add_dataset, added_datasets
from aelib.data.added import describe_added
from aelib.data.preview import Histogram, PictureShown
from aelib.data.report import ImportReport
from app.sections.data import look
from app.service import listing
from app.service import server as app_server

PATIENCE = 120
TABLE = "height,city,class\n" + "".join(f"{150 + k},{('Oslo', 'Rome')[k % 2]},{'ab'[k % 2]}\n" for k in range(30))


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("AELIB_HOME", str(tmp_path / "home"))
    found = app_server.Server(tmp_path / "home")
    monkeypatch.setattr(app_server, "_current", [found])
    yield found
    for jobs in (found.measurements, found.comparisons, found.previews, found.imports, found.uploads):
        jobs.close()
    found.store.close()


def script():
    from app.views.data_page import data_page

    data_page()


@pytest.fixture
def page(server):
    return AppTest.from_function(script, default_timeout=30).run()


def choose(page, path):
    page.segmented_control(key="data_way").set_value("On this machine").run()
    page.text_input(key="data_path").set_value(str(path)).run()


def wait_for(page, button):
    """Until a button is there."""
    wait_until(page, lambda: button in [one.label for one in page.button])


def wait_until(page, holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, words(page)
        assert not page.exception
        time.sleep(0.1)
        page.run()


def words(page):
    kinds = (page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return " ".join(element.value for kind in kinds for element in kind)


def test_a_table_is_looked_at_added_listed_and_removed(page, server, tmp_path):
    path = tmp_path / "people & <b>co.csv"
    path.write_text(TABLE)
    choose(page, path)
    wait_for(page, "Add")
    assert "24 rows of 3 numbers to train on, 6 held out" in words(page)
    assert page.multiselect[0].options == ["height", "city", "class"]
    page.button(key="add").click().run()
    wait_for(page, "Train on it")
    [info] = added_datasets(server.store.home)
    assert (info.title, info.counts, info.shape) == ("people & <b>co", (24, 6), (3,))
    assert "people \\& \\<b\\>co" in words(page)
    assert "2 columns\\: height, city" in words(page)
    server.store.create(Experiment.of(info.name))
    assert "1 run uses it" in words(page.run())
    page.button(key=f"remove_now_{info.name}").click().run()
    assert added_datasets(server.store.home) == []
    assert "Added data" not in words(page)


@pytest.mark.parametrize("name", ["table", "pictures"])
def test_who_has_nothing_at_hand_sees_an_example_go_the_way_of_own_files(page, server, name):
    page.button(key=f"data_example_{name}").click().run()
    wait_for(page, "Add")
    said = words(page)
    if name == "pictures":
        assert "120 colour pictures of 64 × 64 pixels to train on, 30 held out" in said
        return
    assert "of 400 rows have a missing value in 'weight \\(kg\\)', 'material'" in said
    token = page.session_state["data_source"].token
    assert page.multiselect(key=f"labels_{token}").value == ["category"]
    page.multiselect(key=f"labels_{token}").set_value([]).run()
    wait_for(page, "Add")
    assert "Label: 3 classes" not in words(page)


def test_examples_are_for_who_has_added_nothing(page, server):
    add_dataset(load_dataset("moons"), home=server.store.home)
    assert not [one for one in page.run().button if str(one.key).startswith("data_example")]


@pytest.mark.parametrize("private", [True, False])
def test_who_adds_what_is_here_already_is_told_so_and_no_title_of_others(page, tmp_path, monkeypatch, private):
    path = tmp_path / "secret.csv"
    path.write_text(TABLE)
    for visitor in (page, AppTest.from_function(script, default_timeout=30).run()):
        choose(visitor, path)
        wait_for(visitor, "Add")
        if visitor is not page:
            monkeypatch.setattr(listing, "is_private", lambda: private)
        visitor.button(key="add").click().run()
        wait_until(visitor, lambda of=visitor: of.session_state["data_source"] is None)
    told = "already here as “secret”\\:" if private else "already here\\:"
    assert told in " ".join(element.value for element in visitor.info)
    assert not page.info


def test_options_that_do_not_do_are_a_sentence_and_can_be_changed(page, tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("a,b\n1,2\n,3\n4,\n5,7\n6,1\n7,9\n8,4\n")
    choose(page, path)
    wait_for(page, "Add")
    token = page.session_state["data_source"].token
    page.selectbox(key=f"missing_{token}").set_value("refuse").run()
    deadline = time.monotonic() + PATIENCE
    while not page.error:
        assert time.monotonic() < deadline
        page.run()
    assert "lacks" in page.error[0].value
    page.selectbox(key=f"missing_{token}").set_value("mean").run()
    wait_for(page, "Add")


@pytest.mark.parametrize("text", ["relative.csv", "/nowhere/at/all", "~nobody/x", "/a\0b", "/" + "x" * 900])
def test_a_path_that_leads_nowhere_is_a_sentence(page, text):
    choose(page, text)
    assert "There is no folder or file" in page.error[0].value
    assert not page.exception


def test_what_was_odd_about_added_data_stays_with_it(page, server):
    """A report of another version says nothing."""
    report = ImportReport(train=1, held_out=1, warnings=("1 of 2 classes has <few> examples.",))
    add_dataset(load_dataset("swiss_roll"), report=report, home=server.store.home)
    assert "1 of 2 classes has \\<few\\> examples" in words(page.run())
    [info] = added_datasets(server.store.home)
    known = describe_added(info.name, server.store.home)
    for other in (None, {"warnings": "odd"}, {"sentences": ["odd"]}):
        assert known.replace(report=other).found("warnings") == ()


def test_only_this_machine_may_name_paths_and_sees_what_others_added(page, server, monkeypatch):
    assert "On this machine" in page.segmented_control(key="data_way").options
    add_dataset(load_dataset("swiss_roll"), title="Swiss roll", home=server.store.home)
    assert "Swiss" in words(page.run())
    monkeypatch.setattr(listing, "is_private", lambda: False)
    page.run()
    assert page.segmented_control(key="data_way").options == ["Files", "A folder"]
    assert "Swiss" not in words(page)
    page.query_params["open"] = added_datasets(server.store.home)[0].name
    assert "Swiss" in words(page.run())


def test_a_path_that_was_not_offered_is_not_read(page, monkeypatch, tmp_path):
    """A browser may send any widget's value."""
    (tmp_path / "people.csv").write_text(TABLE)
    monkeypatch.setattr(listing, "is_private", lambda: False)
    page.session_state["data_way"] = "On this machine"
    page.session_state["data_path"] = str(tmp_path / "people.csv")
    page.run()
    assert list(page.text_input) == []
    assert "data_source" not in page.session_state or page.session_state["data_source"] is None


@pytest.mark.parametrize(
    ("headers", "local"),
    [
        ({}, True),
        ({"Host": "localhost:8501", "Origin": "http://localhost:8501"}, True),
        ({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, True),
        ({"Host": "evil.example"}, False),
        ({"Host": "127.0.0.1:8501", "Origin": "https://public.example"}, False),
        ({"Host": "127.0.0.1:8501", "Origin": "null"}, False),
        ({"Host": "127.0.0.1:8501", "Origin": "http://["}, False),
        ({"Host": "127.0.0.1:8501", "X-Forwarded-Proto": "https"}, False),
        ({"Host": "127.0.0.1:8501", "Via": "1.1 proxy"}, False),
    ],
)
def test_who_comes_by_another_address_does_not_sit_at_this_machine(monkeypatch, headers, local):
    monkeypatch.setattr(listing, "is_private", lambda: True)
    monkeypatch.setattr(listing.st, "context", SimpleNamespace(headers=headers))
    assert listing.is_local() is local


def test_a_title_that_no_process_can_be_told_is_cleaned(monkeypatch, tmp_path):
    begun = []
    imports = Imports()
    monkeypatch.setattr(imports, "begin", lambda key, arguments: begun.extend(arguments))
    imports.start(("one",), tmp_path / "people.csv", "{}", "people", "a\0\nb" + "x" * 500)
    assert begun[0] == "--title=a\N{REPLACEMENT CHARACTER} b" + "x" * 75 + "…"


def test_a_picture_alone_is_refused_and_something_else_can_be_chosen(page, tmp_path):
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "photos" / "one.png")
    choose(page, tmp_path / "photos")
    deadline = time.monotonic() + PATIENCE
    while not page.error:
        assert time.monotonic() < deadline
        page.run()
    assert "single picture" in page.error[0].value
    page.button(key="data_other").click().run()
    assert not page.error
    assert "data_source" not in page.session_state or page.session_state["data_source"] is None


def test_names_in_the_data_are_shown_as_text():
    shown = look.grid([PictureShown(png="AAAA", label='<script>"x"</script>')])
    assert "<script>" not in shown
    assert 'alt="&lt;script&gt;&quot;x&quot;&lt;/script&gt;"' in shown


def test_a_histogram_has_bars_as_high_as_values_are_many():
    drawn = look.histogram(Histogram(low=0, high=1, counts=(1, 4)))
    assert ["height: 25.0%" in drawn, "height: 100.0%" in drawn] == [True, True]
