"""Components of the project's own JavaScript modules, which are served from `web/`."""

import json
from typing import Any

import streamlit as st

from ..service.modules import HOST, TERMS_MODULE, WEB, address, needed

# An inline module cannot import relative ones, so it fetches its host and its module from our own route. Without links
# the browser would learn only from each module what to fetch next; a page has those of its own components already.
_BOOTSTRAP = """
const there = (address) => new URL(address, document.baseURI);
for (const address of {all}) {{
  if (document.querySelector(`link[href="${{address}}"]`)) continue;
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = address;
  document.head.append(link);
}}
const modules = Promise.all({entries}.map((address) => import(there(address))));
export default function (component) {{
  let cleanup;
  let gone = false;
  modules.then(([host, module, {{ TERMS }}]) => {{ if (!gone) cleanup = host.mount(module.make, component, TERMS); }});
  return () => {{ gone = true; cleanup?.(); }};
}}
"""


def declare(name: str, module: str, styles: tuple[str, ...]) -> Any:
    """A component: its behaviour is ``make`` of ``web/<module>.js``, its look are the styles ``web/<style>.css``."""
    css = "\n".join((WEB / f"{style}.css").read_text(encoding="utf-8") for style in styles)
    entries = (HOST, f"{module}.js")
    bootstrap = _BOOTSTRAP.format(
        entries=json.dumps([address(entry) for entry in (*entries, TERMS_MODULE)]),
        all=json.dumps([address(each) for each in needed(*entries)]),
    )
    return st.components.v2.component(name, html="<div data-component></div>", css=css, js=bootstrap)
