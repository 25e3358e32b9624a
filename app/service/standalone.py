"""A latent space in one HTML file that needs no server: examples, pictures, the decoder, and the page's own modules."""

import base64
import html
import json
import zlib

from aelib import __version__
from aelib.frames.message import pack_file, read_meta, unpack

from .modules import IMPORT, SOURCES, TERMS, WEB, closure, imported

_ENTRY = "host/standalone.js"
_STYLES = ("base/base", "base/explained", "latent/latent", "standalone/standalone")
# Nothing may be fetched: modules are data, everything else is in the file.
_POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Autoencoder Explorer {version}">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{styles}
</style>
<script type="importmap">{modules}</script>
</head>
<body>
<main id="page"><noscript>This page needs JavaScript.</noscript></main>
{parts}
<script type="module">
import {{ begin }} from "{entry}";
begin(document.getElementById("page"), {terms});
</script>
</body>
</html>
"""


def standalone_file(message: bytes) -> bytes:
    """The page as a file, from the answer to `aelib.desk.answers.asks.Standalone`; equal answers give equal files."""
    about, arrays = unpack(message)
    parts = {name: array.tobytes() for name, array in sorted(arrays.items())}
    title = read_meta(parts["space"])["title"]
    return pack_file(about["name"], "text/html", _page(title, parts).encode(), {"stamp": about["stamp"]})


def _page(title: str, parts: dict[str, bytes]) -> str:
    return _PAGE.format(
        version=__version__,
        policy=_POLICY,
        title=html.escape(title),
        styles="\n".join((WEB / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES),
        modules=json.dumps({"imports": bundle(_ENTRY)}),
        parts="\n".join(
            f'<script type="application/octet-stream" data-part="{name}">{_packed(part)}</script>'
            for name, part in parts.items()
        ),
        entry=f"web/{_ENTRY}",
        terms=TERMS,
    )


def _packed(part: bytes) -> str:
    """Compressed, as pictures get much smaller by that, and then as text."""
    return base64.b64encode(zlib.compress(part, 9)).decode()


def bundle(entry: str) -> dict[str, str]:
    """A module of ``web/`` and all that it imports, as data URLs by name.

    Relative specifiers do not resolve within data URLs, so each becomes a name such as ``web/wire/wire.js``, which an
    import map knows.
    """
    return {f"web/{name}": _data_url(name) for name in sorted(closure(entry))}


def _data_url(name: str) -> str:
    renamed = IMPORT.sub(lambda match: f'{match[1]}"web/{imported(name, match[2])}"', SOURCES[name])
    return f"data:text/javascript;base64,{base64.b64encode(renamed.encode()).decode()}"
