"""The JavaScript modules in `web/`, and the glossary as one: what imports what, and an address for each that changes
with any of them.

A server reads them once, when it starts: no page gets some from before an update and some from after it.
"""

import hashlib
import json
import posixpath
import re
from pathlib import Path

from aelib.glossary import GLOSSARY

WEB = Path(__file__).parents[1] / "web"
#: The module that gives components their place in a page of Streamlit.
HOST = "host/streamlit.js"
#: What a module imports; types in comments are imports of another form.
IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s+)"(\.[^"]+)\"""")
#: The text of each module by its name, which is its path in `web/`.
#: What the browser explains, by the names of what is shown, as JSON that may stand in a page.
TERMS = json.dumps(
    {name: term.described for name, term in GLOSSARY.items() if name.isidentifier()}, ensure_ascii=False
).replace("<", "\\u003c")
#: The module that has it: no file, and imported by no module, as hosts hand it over.
TERMS_MODULE = "terms.js"
SOURCES = {path.relative_to(WEB).as_posix(): path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.js"))}
SOURCES[TERMS_MODULE] = f"export const TERMS = {TERMS};\n"


def version(sources: dict[str, str]) -> str:
    """A name of these modules, that no others have."""
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]


VERSION = version(SOURCES)


def imported(name: str, specifier: str) -> str:
    """The name of what a module imports as ``specifier``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), specifier))


def closure(*entries: str) -> list[str]:
    """Some modules and all that they import, directly or not: those that are needed first come first."""
    found = list(entries)
    for name in found:  # which grows
        imports = (imported(name, specifier) for _, specifier in IMPORT.findall(SOURCES[name]))
        found += [each for each in dict.fromkeys(imports) if each not in found]
    return found


def needed(*entries: str) -> list[str]:
    """What a page fetches for some modules; nothing for none."""
    return [*closure(*entries), TERMS_MODULE] if entries else []


def address(name: str) -> str:
    """Where the server has a module, relative to the page."""
    return f"web/{VERSION}/{name}"
