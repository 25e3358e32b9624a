"""A latent space in one HTML file that needs no server: examples, pictures, the decoder, and the page's own modules."""

import base64
import html
import json
import re
import zlib
from pathlib import Path

from aelib import __version__
from aelib.frames.message import pack_file, read_meta, unpack

_WEB = Path(__file__).parent / "web"
_ENTRY = "standalone/standalone.js"
_STYLES = ("base", "latent/latent", "latent/standalone")
#: What a module imports; types in comments are imports of another form.
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s+)"(\.[^"]+)\"""")
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
begin(document.getElementById("page"));
</script>
</body>
</html>
"""


def standalone_file(message: bytes) -> bytes:
    """The page as a file, from the answer to `aelib.desk.asks.Standalone`; equal answers give equal files."""
    about, arrays = unpack(message)
    parts = {name: array.tobytes() for name, array in sorted(arrays.items())}
    title = read_meta(parts["space"])["title"]
    return pack_file(about["name"], "text/html", _page(title, parts).encode(), {"stamp": about["stamp"]})


def _page(title: str, parts: dict[str, bytes]) -> str:
    return _PAGE.format(
        version=__version__,
        policy=_POLICY,
        title=html.escape(title),
        styles="\n".join((_WEB / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES),
        modules=json.dumps({"imports": bundle(_ENTRY)}),
        parts="\n".join(
            f'<script type="application/octet-stream" data-part="{name}">{_packed(part)}</script>'
            for name, part in parts.items()
        ),
        entry=f"web/{_ENTRY}",
    )


def _packed(part: bytes) -> str:
    """Compressed, as pictures get much smaller by that, and then as text."""
    return base64.b64encode(zlib.compress(part, 9)).decode()


def bundle(entry: str) -> dict[str, str]:
    """A module of ``web/`` and all that it imports, as data URLs by name.

    Relative specifiers do not resolve within data URLs, so each becomes a name such as ``web/wire/wire.js``, which an
    import map knows.
    """
    found: dict[str, str] = {}
    waiting = [_WEB / entry]
    while waiting:
        path = waiting.pop()
        name = _name(path)
        if name not in found:
            source = path.read_text(encoding="utf-8")
            waiting += [path.parent / imported for _, imported in _IMPORT.findall(source)]
            found[name] = f"data:text/javascript;base64,{base64.b64encode(_renamed(source, path).encode()).decode()}"
    return dict(sorted(found.items()))


def _renamed(source: str, path: Path) -> str:
    return _IMPORT.sub(lambda match: f'{match[1]}"{_name(path.parent / match[2])}"', source)


def _name(path: Path) -> str:
    return f"web/{path.resolve().relative_to(_WEB.resolve()).as_posix()}"
