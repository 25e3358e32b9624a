/** Buttons that say what dragging on a map does. */
import { element } from "../base/dom.js";

/** @typedef {import("../map/controls.js").Tool} Tool */

/** @type {[Tool, string, string][]} */
const TOOLS = [["move", "Move", "Drag moves the view"], ["box", "Box", "Drag selects a box; Shift adds, Alt takes away"], ["lasso", "Lasso", "Drag selects what it encloses; Shift adds, Alt takes away"]];

/** @param {(tool: Tool) => void} onTool @returns {HTMLElement} */
export function toolButtons(onTool) {
  const use = (/** @type {Tool} */ tool) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    onTool(tool);
  };
  const buttons = TOOLS.map(([tool, text, title]) => element("button", {
    type: "button", class: "tab", text, title, "aria-pressed": String(tool === "move"), "data-tool": tool, onclick: () => use(tool),
  }));
  return element("span", { class: "tools", role: "group", "aria-label": "Tool" }, ...buttons);
}
