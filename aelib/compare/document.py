"""`as_html`: a comparison as one HTML file that opens from a disk, without a network and without a program in it."""

import base64
import json
import re
from collections.abc import Iterator
from html import escape

from aelib.compare.chart import chart
from aelib.compare.comparison import Comparison, Duel, Origin
from aelib.compare.html import STYLE, classes_table, examples, metrics_table, settings_table
from aelib.compare.looks import looks
from aelib.compare.text import novelty, outcome, summary
from aelib.report.report import Figure

# Nothing may be fetched and nothing run: pictures are data, everything else is in the file.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_LOOKS = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; color: CanvasText; background: Canvas;
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.3rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.3rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.3rem; }
p { margin: 0.2rem 0 0.8rem; }
.hint { color: color-mix(in srgb, CanvasText 68%, transparent); font-size: 0.88rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem 2rem; }
.figures > section { min-width: 0; break-inside: avoid; }
.chart { display: block; width: 100%; max-width: 36rem; height: auto; }
.chart text { font: 12px system-ui, sans-serif; fill: CanvasText; opacity: 0.75; }
.chart .grid { stroke: CanvasText; stroke-opacity: 0.15; }
.chart-legend { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0 0 0.3rem; padding: 0; list-style: none;
  font-size: 0.8rem; }
.chart-legend i { display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.4em; border-radius: 50%; }
pre { overflow: auto; max-height: 30rem; padding: 0.8rem; border-radius: 6px; font-size: 0.8rem; line-height: 1.4;
  background: color-mix(in srgb, CanvasText 6%, transparent); }
summary { cursor: pointer; }
@media print { pre { max-height: none; } }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="aelib {version}">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def as_html(found: Comparison) -> str:
    """The page: tables, figures, pictures, the configuration, the seed and the script of each model, versions.

    Equal comparisons give equal pages.
    """
    title = f"{', '.join(entry.name for entry in found.models)} and PCA on {found.dataset}"
    return _PAGE.format(
        version=escape(found.versions["aelib"]),
        policy=_POLICY,
        title=escape(title),
        style=_LOOKS + STYLE,
        body="\n".join(_body(found)),
    )


def _body(found: Comparison) -> Iterator[str]:
    yield _hint(summary(found))
    yield metrics_table(found)
    yield "<h2>Code size</h2>"
    yield f'<div class="figures">{_figure(found, found.curve)}{_figure(found, found.scree)}</div>'
    if found.classes:
        yield f"<h2>Error by class</h2>{_hint('Squared error per example.')}{classes_table(found)}"
    yield "<h2>Where each is better</h2>"
    yield from (_duel(duel) for duel in found.duels)
    yield f"<h2>Noise</h2>{_hint('Error against the clean example. Dashed: a model that never saw this noise.')}"
    yield f'<div class="figures">{"".join(_figure(found, figure) for figure in found.robustness)}</div>'
    yield "<h2>Settings</h2>"
    if found.settings.differing:
        yield _hint("Those that differ.") + settings_table(found, found.settings.differing)
    equal = settings_table(found, found.settings.equal, "equal")
    yield f"<details><summary>{len(found.settings.equal)} settings are equal</summary>{equal}</details>"
    yield "<h2>Models</h2>"
    yield from (_origin(found, origin) for origin in found.origins)
    yield f"<h2>Versions</h2>{_hint(', '.join(f'{name} {version}' for name, version in found.versions.items()))}"
    if found.missing:
        yield f"<h2>What could not be computed</h2>{''.join(map(_hint, found.missing))}"


def _figure(found: Comparison, figure: Figure) -> str:
    text = f"{figure.sentence} {novelty(found, figure)}" if figure in found.robustness else figure.sentence
    return f"<section><h3>{escape(figure.title)}</h3>{_hint(text)}{chart(figure, looks(found, figure))}</section>"


def _duel(duel: Duel) -> str:
    parts = [f"<h3>{escape(duel.model)}</h3>", _hint(outcome(duel))]
    for name, side in ((duel.model, duel.for_model), (duel.pca, duel.for_pca)):
        if side:
            what = "original, model, PCA" if side[0].pictures else "squared errors"
            parts.append(_hint(f"{name} is better by most here ({what}):") + examples(side, duel))
    return "".join(parts)


def _origin(found: Comparison, origin: Origin) -> str:
    experiment = json.loads(origin.experiment)
    error = f"Held-out squared error, all {found.all_held_out:,} examples: {origin.error:.6g}"
    parts = [
        f"<h3>{escape(origin.name)}</h3>",
        _hint(f"{error}. Seed {experiment['train']['seed']}."),
        _details("Configuration", json.dumps(experiment, indent=2, ensure_ascii=False)),
    ]
    if origin.script:
        name = f"{re.sub(r'[^a-z0-9]+', '-', origin.name.lower()).strip('-') or 'model'}.py"
        url = f"data:text/x-python;base64,{base64.b64encode(origin.script.encode()).decode()}"
        parts.append(_details("Script that trains it again", origin.script))
        parts.append(f'<p><a download="{name}" href="{url}">Save the script as {name}</a></p>')
    else:
        parts.append(_hint(f"No script: {origin.obstacle}"))
    return "".join(parts)


def _hint(text: str) -> str:
    return f'<p class="hint">{escape(text)}</p>'.replace(" %", "\u00a0%")


def _details(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary><pre>{escape(text)}</pre></details>"
