"""`aelib export` writes what the app would."""

import io

import numpy as np
import pyarrow.parquet as pa_parquet
import pytest

from aelib import load_dataset
from aelib.autoencoder import Autoencoder
from aelib.commands.cli import main
from aelib.home import pretrained_folder

FOLDER = pretrained_folder() / "digits-variational"


def test_a_table_holds_the_codes(tmp_path, capsys):
    file = tmp_path / "codes.parquet"
    assert main(["export", str(FOLDER), "--format", "parquet", "--projection", "pca", "--output", str(file)]) == 0
    table = pa_parquet.read_table(io.BytesIO(file.read_bytes()))
    assert table.column_names[-4:] == ["unit_1", "unit_2", "pca_1", "pca_2"]
    data = load_dataset("digits")
    held_out = Autoencoder.load(FOLDER).encode(data.test.x).detach().numpy()
    # The command encodes in batches of another size, which some processors sum in another order.
    np.testing.assert_allclose(table["unit_1"].to_numpy()[: len(held_out)], held_out[:, 0], rtol=1e-5, atol=1e-5)
    assert len(table) == len(data.test) + len(data.train)
    assert "100% Encoding examples" in capsys.readouterr().err


def test_the_limit_is_kept(tmp_path):
    file = tmp_path / "codes.csv"
    assert main(["export", str(FOLDER), "--limit", "20", "--output", str(file)]) == 0
    assert len(file.read_text().splitlines()) == 21


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--format", "projector", "--projection", "umap"], "leave --projection out"),
        (["--limit", "0"], "--limit takes 1 to 70000"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, capsys, wrong, words):
    assert main(["export", str(FOLDER), "--output", str(tmp_path / "codes"), *wrong]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "codes").exists()


def test_a_folder_without_a_model_is_one_sentence(tmp_path, capsys):
    assert main(["export", str(tmp_path), "--output", str(tmp_path / "codes")]) == 1
    assert "no weights" in capsys.readouterr().err
