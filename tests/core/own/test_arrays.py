"""Arrays of others as data and as input of models: the same numbers, whoever holds them, or one sentence."""

import numpy as np
import pandas as pd
import pytest
import torch

from aelib import MLP, Autoencoder, Conditional, DataError, Dataset, Denoising, Split, Vanilla, Variational, evaluate
from aelib.latent.codes import encode_all

ROWS = [[0.5, 1.0, -2.0], [3.0, 0.0, 7.25], [1.0, 1.0, 1.0], [0.0, -0.125, 2.0]]
TENSOR = torch.tensor(ROWS)


def read_only(array):
    array.flags.writeable = False
    return array


FORMS = {
    "list": ROWS,
    "tuple of arrays": tuple(map(np.array, ROWS)),
    "float64": np.array(ROWS),
    "float16": np.array(ROWS, np.float16),
    "big-endian": np.array(ROWS, ">f4"),
    "columns first": np.asfortranarray(ROWS),
    "backwards": np.array(ROWS[::-1])[::-1],
    "read-only": read_only(np.array(ROWS)),
    "objects": np.array(ROWS, object),
    "frame": pd.DataFrame(ROWS, columns=["a", "b", "c"]),
    "half tensor": TENSOR.half(),
    "tensor with a gradient": TENSOR.clone().requires_grad_(),
}


@pytest.mark.parametrize("form", FORMS)
def test_examples_are_the_same_whoever_holds_them(form):
    x = Split(FORMS[form]).x
    assert (x.dtype, x.device.type, x.requires_grad) == (torch.float32, "cpu", False)
    assert torch.equal(x, TENSOR)


def test_the_precision_of_a_tensor_is_kept_and_an_array_is_copied():
    assert Split(TENSOR.double()).x.dtype == torch.float64
    array = np.array(ROWS, np.float32)
    split = Split(array)
    array[:] = 9
    assert torch.equal(split.x, TENSOR)


def test_columns_of_several_types_are_numbers():
    frame = pd.DataFrame({"whole": [1, 2], "real": [0.5, 2.5], "flag": [True, False]})
    assert Split(frame).x.tolist() == [[1, 0.5, 1], [2, 2.5, 0]]


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_bytes_of_pictures_are_grey_levels_and_nothing_else_is_rescaled(convert):
    bytes_ = np.array([[[[0, 51], [255, 102]]]], np.uint8)
    assert torch.equal(Split(convert(bytes_)).x, torch.tensor([[[[0, 0.2], [1, 0.4]]]]))
    for same in (bytes_.astype(np.int64), bytes_.astype(np.float32), bytes_.reshape(1, 4)):
        assert Split(convert(same)).x.flatten().tolist() == [0, 51, 255, 102]


BAD_EXAMPLES = {
    "text": ([["a", "b"]], "numbers"),
    "text among numbers": (pd.DataFrame({"a": [1], "b": ["x"]}), "text"),
    "missing": (pd.DataFrame({"a": [1, None], "b": [True, False]}, dtype=object), "not finite"),
    "missing whole numbers": (pd.DataFrame({"a": pd.array([1, None], "Int64")}), "not finite"),
    "complex": (np.ones((2, 2)) * 1j, "numbers"),
    "complex tensor": (torch.ones(2, 2) * 1j, "real numbers"),
    "dates": (np.array([["2020-01-01"]], "datetime64[D]"), "numbers"),
    "ragged": ([[1, 2], [3]], "row"),
    "no rows": (np.arange(3.0), "(3,)"),
    "one number": (3.5, "()"),
    "more than float32 holds": (np.array([[1e300, 0.0]]), "not finite"),
}


@pytest.mark.parametrize("case", BAD_EXAMPLES)
def test_what_are_no_examples_is_one_sentence(case, complains):
    x, word = BAD_EXAMPLES[case]
    with complains(DataError, word):
        Dataset("mine", Split(x), Split(x))


LABELS = {
    "list": [2, 0, 1, 2],
    "bytes": np.array([2, 0, 1, 2], np.uint8),
    "int32": np.array([2, 0, 1, 2], np.int32),
    "series": pd.Series([2, 0, 1, 2]),
    "tensor": torch.tensor([2, 0, 1, 2], dtype=torch.int16),
    "objects": np.array([2, 0, 1, 2], object),
}


@pytest.mark.parametrize("form", LABELS)
def test_whole_numbers_stay_as_labels(form):
    split = Split(ROWS, LABELS[form])
    assert split.y.dtype == torch.int64
    assert (split.y.tolist(), split.classes) == ([2, 0, 1, 2], ())


def test_truth_values_are_whole_numbers_and_positions_are_real_ones():
    assert Split(ROWS, np.array([True, False, True, True])).y.tolist() == [1, 0, 1, 1]
    for position in ([0.5, 1.0, 2.0, 3.0], np.array([0.5, 1, 2, 3]), torch.tensor([0.5, 1, 2, 3]).double()):
        assert torch.equal(Split(ROWS, position).y, torch.tensor([0.5, 1, 2, 3]))


STRINGS = {
    "list": list,
    "numpy": np.array,
    "objects": lambda names: np.array(names, object),
    "series": pd.Series,
    "categories": pd.Categorical,
}


@pytest.mark.parametrize("form", STRINGS)
def test_strings_become_classes_of_both_splits_in_alphabetical_order(form):
    train, test = STRINGS[form](["oak", "ash", "oak", "fir"]), STRINGS[form](["yew", "oak", "ash", "yew"])
    data = Dataset("trees", Split(ROWS, train), Split(ROWS, test))
    assert data.classes == ("ash", "fir", "oak", "yew")
    assert all(type(name) is str for name in data.classes)
    assert (data.train.y.tolist(), data.test.y.tolist()) == ([2, 0, 2, 1], [3, 2, 0, 3])


def test_classes_that_are_given_keep_their_order_and_name_all(complains):
    train, test = Split(ROWS, ["low", "high", "low", "low"]), Split(ROWS, ["mid", "low", "low", "high"])
    data = Dataset("mine", train, test, classes=("low", "mid", "high"))
    assert (data.train.y.tolist(), data.test.y.tolist()) == ([0, 2, 0, 0], [1, 0, 0, 2])
    with complains(DataError, "'mid'", "low, high"):
        Dataset("mine", train, test, classes=("low", "high"))


def test_some_examples_keep_their_labels():
    split = Split(ROWS, ["a", "b", "c", "a"], np.array([[1], [2], [3], [4]])).take(torch.tensor([2, 0]))
    assert (split.x.tolist(), split.factors.tolist()) == ([ROWS[2], ROWS[0]], [[3], [1]])
    assert [split.classes[k] for k in split.y] == ["c", "a"]


BAD_LABELS = {
    "missing among strings": (["a", None, "b", "a"], "labels"),
    "missing among numbers": ([1.0, float("nan"), 0.0, 1.0], "missing"),
    "mixed": (np.array(["a", 1, 2, 3], object), "labels"),
    "too few": ([0, 1], "(2,)"),
    "a table": (np.zeros((4, 2), int), "(4, 2)"),
    "complex": (np.ones(4) * 1j, "labels"),
}


@pytest.mark.parametrize("case", BAD_LABELS)
def test_what_are_no_labels_is_one_sentence(case, complains):
    y, word = BAD_LABELS[case]
    with complains(DataError, word):
        Dataset("mine", Split(ROWS, y), Split(ROWS, y))


def test_labels_of_two_kinds_and_of_one_split_alone_are_refused(complains):
    names, numbers, none = Split(ROWS, ["a", "b", "a", "b"]), Split(ROWS, [0, 1, 0, 1]), Split(ROWS)
    with complains(DataError, "mine", "strings"):
        Dataset("mine", names, numbers)
    for first, second, lacking in ((names, none, "held-out"), (none, numbers, "training")):
        with complains(DataError, "mine", lacking):
            Dataset("mine", first, second)
    with complains(DataError, "mine", "no labels"):
        Dataset("mine", none, none, classes=("a", "b"))


# --- models --------------------------------------------------------------------------------------------


def model_of(objective, shape=(3,), **settings):
    return Autoencoder(MLP(shape, hidden=(5,), output="identity", **settings), objective)


MAPS = {
    "encode": lambda model, x: model.encode(x),
    "posterior": lambda model, x: model.posterior(x).mean,
    "call": lambda model, x: model(x),
    "corrupt": lambda model, x: model.corrupt(x, torch.Generator().manual_seed(1)),
    "terms": lambda model, x: model.terms(x, torch.Generator().manual_seed(1))["reconstruction"],
    "evaluate": lambda model, x: torch.tensor(evaluate(model, x)["loss"]),
    "encode_all": lambda model, x: encode_all(model, x).errors,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MAPS)
def test_models_take_what_data_are_made_of(name, form):
    objective = Denoising() if name == "corrupt" else Variational(likelihood="squared_error")
    model = model_of(objective)
    assert torch.equal(MAPS[name](model, FORMS[form]), MAPS[name](model, TENSOR))


@pytest.mark.parametrize("name", [name for name in MAPS if name not in ("posterior", "corrupt")])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("convert", [list, np.array, torch.tensor], ids=["list", "numpy", "torch"])
def test_what_is_no_finite_number_is_refused_by_every_map(name, value, convert, complains):
    with complains(DataError, "not finite"):
        MAPS[name](model_of(Vanilla()), convert([[0.5, value, 1.0]]))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("convert", [list, np.array, torch.tensor], ids=["list", "numpy", "torch"])
def test_a_code_that_is_no_finite_number_is_refused(value, convert, complains):
    with complains(DataError, "codes", "not finite"):
        model_of(Vanilla()).decode(convert([[0.5, 1.0], [value, 1.0]]))


def test_codes_and_labels_are_taken_likewise():
    model = model_of(Conditional(likelihood="squared_error"), classes=2)
    codes, told = [[0.5, -1.0], [2.0, 0.0]], [1, -1]
    expected = model.decode(torch.tensor(codes), torch.tensor(told))
    assert not torch.equal(expected, model.decode(torch.tensor(codes)))
    for convert in (list, np.array, pd.DataFrame):
        labels = told if convert is pd.DataFrame else convert(told)
        assert torch.equal(model.decode(convert(codes), labels), expected)
    assert evaluate(model, ROWS, [0, 1, 0, 1]) == evaluate(model, TENSOR, torch.tensor([0, 1, 0, 1]))


def test_bytes_are_grey_levels_for_a_model_of_pictures_too():
    model = model_of(Vanilla(), (1, 2, 2))
    bytes_ = np.array([[[[0, 51], [255, 102]]]], np.uint8)
    expected = model.encode(torch.tensor([[[[0, 0.2], [1, 0.4]]]]))
    assert torch.equal(model.encode(bytes_), expected)
    assert torch.equal(model.encode(bytes_.reshape(1, 4)), expected)


BAD_INPUT = {
    "a row alone": ROWS[0],
    "too many columns": np.zeros((2, 4)),
    "text": [["a", "b", "c"]],
    "ragged": [[1, 2, 3], [4]],
    "complex": torch.ones(2, 3) * 1j,
}


@pytest.mark.parametrize("case", BAD_INPUT)
@pytest.mark.parametrize("name", ["encode", "call", "evaluate"])
def test_input_of_another_kind_names_the_shape_that_fits(name, case, complains):
    with complains(DataError, "3"):
        MAPS[name](model_of(Vanilla()), BAD_INPUT[case])


@pytest.mark.parametrize("codes", [[[1.0, 2.0, 3.0]], [1.0, 2.0], [["a", "b"]], torch.ones(1, 2) * 1j])
def test_codes_of_another_kind_are_one_sentence(codes, complains):
    with complains(DataError, "codes"):
        model_of(Vanilla()).decode(codes)


@pytest.mark.parametrize("told", [[0.5, 1.0], ["a", "b"], [0], [0, 2], "ab"])
def test_labels_that_a_decoder_cannot_be_told_are_one_sentence(told, complains):
    model = model_of(Conditional(likelihood="squared_error"), classes=2)
    with complains(DataError, "abels"):
        model.decode([[0.0, 0.0], [1.0, 1.0]], told)
