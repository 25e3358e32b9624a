"""Components of the project's own JavaScript modules, which are served from `web/`."""

from pathlib import Path
from typing import Any

import streamlit as st

_WEB = Path(__file__).parent / "web"

# An inline module cannot import relative ones, so it fetches its module from our own route.
_BOOTSTRAP = """
const modules = import(new URL("web/{module}.js", document.baseURI));
export default function (component) {{
  let cleanup;
  let gone = false;
  modules.then((module) => {{ if (!gone) cleanup = module.mount(component); }});
  return () => {{ gone = true; cleanup?.(); }};
}}
"""


def declare(name: str, module: str, html: str, styles: tuple[str, ...]) -> Any:
    """A component: its behaviour is ``mount`` of ``web/<module>.js``, its look are the styles ``web/<style>.css``."""
    css = "\n".join((_WEB / f"{style}.css").read_text() for style in styles)
    return st.components.v2.component(name, html=html, css=css, js=_BOOTSTRAP.format(module=module))
