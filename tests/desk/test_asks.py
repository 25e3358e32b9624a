"""Questions are checked before anybody computes."""

import pytest

from aelib.desk.answers.asks import Inspect, Project, parse_ask
from aelib.errors import ConfigError


def test_questions_are_read_with_their_defaults():
    assert parse_ask('{"ask": "inspect", "index": 3}') == Inspect(index=3, limit=10_000)
    ask = parse_ask('{"ask": "project", "projection": {"method": "umap", "dimensions": 3}, "limit": 50}')
    assert isinstance(ask, Project)
    assert (ask.limit, ask.projection.method, ask.projection.dimensions) == (50, "umap", 3)


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "[]", "{}", '{"ask": "erase"}', '{"ask": "inspect"}', '{"ask": "inspect", "index": -1}',
        '{"ask": "inspect", "index": 1e99}', '{"ask": "inspect", "index": 1, "folder": "/etc"}',
        '{"ask": "space", "limit": 0}', '{"ask": "space", "limit": 70001}', '{"ask": "score", "axes": []}',
        '{"ask": "score", "axes": [0, 1, 2, 3]}', '{"ask": "pictures", "count": 100000}',
        '{"ask": "project", "projection": {"method": "som"}}',
        '{"ask": "project", "projection": {"method": "pca", "dimensions": 4}}',
        '{"ask": "own", "x": []}', '{"ask": "own", "x": [NaN]}', '{"ask": "own", "x": [1e30]}',
        '{"ask": "own", "x": [0.5], "corruption": "fire"}', '{"ask": "own", "x": [0.5], "level": 2}',
        '{"ask": "geodesic", "begin": [0, 0], "end": []}', '{"ask": "samples", "count": 101}',
        '{"ask": "animation", "codes": [[0, 0]]}', '{"ask": "export", "format": "pickle"}',
        '{"ask": "column"}', '{"ask": "column", "column": -1}', '{"ask": "column", "column": 1e9}',
        '{"ask": "cluster"}',
        '{"ask": "cluster", "clustering": {"method": "dbscan"}}', '{"ask": "cluster", "clustering": {"clusters": 1}}',
        '{"ask": "cluster", "clustering": {"clusters": 21}}', '{"ask": "cluster", "clustering": {"clusters": 2.5}}',
        '{"ask": "cluster", "clustering": {"method": "hdbscan", "min_cluster_size": 1}}',
        '{"ask": "standalone", "clustering": {"clusters": 9e9}}', '{"ask": "standalone", "column": -1}',
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_in_one_sentence(text):
    with pytest.raises(ConfigError, match="not a question") as refused:
        parse_ask(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
