/** Streamlit mounts a component once and calls it again whenever the script has run: the view stays, its data change. */

/**
 * @typedef {object} View
 * @property {any} component Streamlit's, for telling the page what the user chose
 * @property {(data: any) => void} open what the page wants shown
 * @property {() => void} close
 */

/**
 * The `mount` of a component.
 * @param {string} selector of the element that it fills
 * @param {(parent: HTMLElement, component: any) => View} make
 * @returns {(component: any) => () => void}
 */
export function mounting(selector, make) {
  /** @type {WeakMap<HTMLElement, View>} */
  const mounted = new WeakMap();
  return (component) => {
    const parent = component.parentElement.querySelector(selector);
    const view = mounted.get(parent) ?? make(parent, component);
    mounted.set(parent, view);
    view.component = component;
    view.open(component.data);
    return () => {
      view.close();
      mounted.delete(parent);
    };
  };
}
