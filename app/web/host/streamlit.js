/** The host on a page of Streamlit, which calls a component again whenever the script has run: the view stays, its data change. */
import { LastingSocket } from "./lastingsocket.js";

/** @typedef {import("../wire/host.js").Make} Make */

/** @type {WeakMap<HTMLElement, {view: import("../wire/host.js").View, component: any}>} */
const mounted = new WeakMap();

/**
 * Show what Streamlit wants shown.
 * @param {Make} make
 * @param {any} component Streamlit's
 * @param {import("../base/explained.js").Terms} terms
 * @returns {() => void} takes it away
 */
export function mount(make, component, terms) {
  const parent = component.parentElement.querySelector("[data-component]");
  const place = mounted.get(parent) ?? begin(make, parent, component, terms);
  place.component = component;
  place.view.open(component.data);
  return () => {
    place.view.close();
    mounted.delete(parent);
  };
}

/** @param {Make} make @param {HTMLElement} parent @param {any} component @param {import("../base/explained.js").Terms} terms */
function begin(make, parent, component, terms) {
  const place = { component, view: make(parent, { connect, tell: (name, value) => place.component.setTriggerValue(name, value), terms }) };
  mounted.set(parent, place);
  return place;
}

/** @type {import("../wire/host.js").Connect} */
function connect(path, handlers) {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  return new LastingSocket(url, handlers);
}
