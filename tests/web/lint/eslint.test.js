/** What `eslint.config.js` is there to refuse is refused, each sample for one reason only; and what is allowed passes. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { ESLint } from "eslint";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COMPONENT = "app/web/base/sample.js";
const HOST = "app/web/host/sample.js";
const eslint = new ESLint({ cwd: ROOT });

/** The rules that a text breaks so that `make lint` fails, with what they say. */
async function broken(text, filePath) {
  const [{ messages }] = await eslint.lintText(`${text}\n`, { filePath });
  return messages.filter(({ severity }) => severity === 2).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

async function refuses(text, rule, says, filePath = COMPONENT) {
  const found = await broken(text, filePath);
  assert.equal(found.length, 1, `${text} → ${found.join(" | ") || "nothing"}`);
  assert.match(found[0], new RegExp(`^${rule}: .*${says}`), text);
}

test("modules are imported by relative paths", async () => {
  for (const text of [
    'import dom from "dom";\nexport const made = dom;',
    'import "dom";',
    'import "/base/dom.js";',
    'import "https://example.org/dom.js";',
    'export { dom } from "dom";',
    'export * from "dom";',
  ]) await refuses(text, "no-restricted-imports", "by its relative path");
  for (const text of [
    'export const later = () => import("dom");',
    'export const later = () => import("/base/dom.js");',
  ]) await refuses(text, "no-restricted-syntax", "by its relative path");
  for (const text of [
    "export const later = () => import(`dom`);",
    "export const later = (name) => import(`./${name}.js`);",
    'export const later = (name) => import("./" + name);',
  ]) await refuses(text, "no-restricted-syntax", "in one string");
});

test("sizes are watched in one way", async () => {
  await refuses("export const made = new ResizeObserver(() => {});", "no-restricted-globals", "watchSize");
  assert.deepEqual(await broken("export const made = new ResizeObserver(() => {});", "app/web/base/resizing.js"), []);
});

test("modules make no globals", async () => {
  for (const text of [
    "window.made = 1;",
    'window["made"] = 1;',
    "window.made ??= 1;",
    "window.made += 1;",
    "window.made++;",
    "globalThis.made = 1;",
    "globalThis . made >>>= 1;",
    ...["self", "frames", "parent", "top", "opener"].map((name) => `${name}.made = 1;`),
    "Object.assign(window, { made: 1 });",
    'Object.defineProperty(globalThis, "made", { value: 1 });',
    "const all = globalThis;\nall.made = 1;",
    "({ made: window.made } = { made: 1 });",
  ]) await refuses(text, "no-restricted-globals", "through the global object");
  for (const filePath of [COMPONENT, HOST]) {
    await refuses("document.defaultView.made = 1;", "no-restricted-properties", "through the global object", filePath);
    await refuses("window.made = 1;", "no-restricted-globals", "through the global object", filePath);
  }
  await refuses("made = 1;", "no-undef", "made");
  await refuses("onresize = () => {};", "no-global-assign", "onresize");
  await refuses("Array.prototype.made = () => 1;", "no-extend-native", "Array");
});

test("text is written as text", async () => {
  for (const text of [
    'export const show = (node, text) => (node.innerHTML = `<b>${text}</b>`);',
    'export const show = (node, text) => (node.innerHTML += text);',
    'export const show = (node, text) => (node["innerHTML"] = text);',
    'export const show = (node, text) => (node.outerHTML = text);',
    'export const show = (node, text) => node.insertAdjacentHTML("beforeend", text);',
    "export const show = (node, text) => node.setHTMLUnsafe(text);",
    "export const show = (range, text) => range.createContextualFragment(text);",
    "export const show = (frame, text) => (frame.srcdoc = text);",
    "export const show = (text) => document.write(text);",
    "export const show = (text) => document.writeln(text);",
  ]) for (const filePath of [COMPONENT, HOST]) await refuses(text, "no-restricted-properties", "as text", filePath);
  for (const text of [
    "export const show = (node, text) => Object.assign(node, { innerHTML: text });",
    'export const show = (node, text) => Object.assign(node, { "outerHTML": text });',
    "export const show = (node, text) => node.ownerDocument.write(text);",
  ]) for (const filePath of [COMPONENT, HOST]) await refuses(text, "no-restricted-syntax", "as text", filePath);
});

test("text is not run", async () => {
  await refuses("export const run = (text) => eval(text);", "no-eval", "");
  await refuses('setTimeout("run()", 10);', "no-implied-eval", "");
  await refuses("export const run = (text) => new Function(text)();", "no-new-func", "");
});

test("only hosts know how components live and how messages travel", async () => {
  const samples = [
    ['export const open = () => new WebSocket("/live");', "no-restricted-globals"],
    ['export const open = () => new EventSource("/live");', "no-restricted-globals"],
    ["export const open = () => new XMLHttpRequest();", "no-restricted-globals"],
    ['export const open = () => fetch("/live");', "no-restricted-globals"],
    ['export const tell = () => postMessage("told");', "no-restricted-globals"],
    ["export const where = () => location.href;", "no-restricted-globals"],
    ["export const where = () => document.location.href;", "no-restricted-properties"],
    ["export const where = () => document.baseURI;", "no-restricted-properties"],
    ["export const where = ({ parentElement }) => parentElement;", "no-restricted-properties"],
    ['export const tell = (page) => page.setTriggerValue("told", 1);', "no-restricted-properties"],
    ['export const tell = (page) => page.setStateValue("told", 1);', "no-restricted-properties"],
    ["export const tell = (page) => page.postMessage(1);", "no-restricted-properties"],
    ["export const isStreamlit = true;", "no-restricted-syntax"],
    ['export const where = "stApp of Streamlit";', "no-restricted-syntax"],
    ['export const where = "ws://localhost";', "no-restricted-syntax"],
    ["export const where = (name) => `wss://${name}`;", "no-restricted-syntax"],
    ['export const where = () => document.querySelector("[data-part]");', "no-restricted-syntax"],
  ];
  for (const [text, rule] of samples) {
    await refuses(text, rule, "knows no host");
    assert.deepEqual(await broken(text, HOST), [], text);
  }
});

test("a slip is refused wherever it is", async () => {
  for (const filePath of [COMPONENT, HOST, "tests/web/base/sample.test.js"]) {
    await refuses("export const same = (a, b) => a == b;", "eqeqeq", "", filePath);
    await refuses("export var made = 1;", "no-var", "", filePath);
    await refuses("export let made = 1;", "prefer-const", "", filePath);
    await refuses("const made = 1;", "no-unused-vars", "", filePath);
    await refuses("export const made = () => gone;", "no-undef", "", filePath);
    await refuses("// eslint-disable-next-line no-var\nexport const made = 1;", "null", "Unused eslint-disable directive", filePath);
  }
});

test("what is allowed passes", async () => {
  const text = `/** Not innerHTML, not window.made, not Streamlit. */
import { element } from "../base/dom.js";
export * from "./parts.js";

export class Sample {
  constructor() {
    this.root = element("p", { text: "Open the window to write: 1 / 2." });
    this.locations = [devicePixelRatio];
    Object.assign(this.root, { sample: this });
  }

  async fetch() {
    const { later } = await import("./later.js");
    this.write = later(this.root.innerText);
    return this.fetch();
  }
}`;
  assert.deepEqual(await broken(text, COMPONENT), []);
  assert.deepEqual(await broken("process.exitCode = 1;\nglobalThis.document = {};", "tests/web/base/sample.test.js"), []);
});

test("every module of the app is under these rules", async () => {
  const paths = globSync("app/web/**/*.js", { cwd: ROOT });
  assert.ok(paths.length > 100);
  for (const path of paths) {
    const { rules } = await eslint.calculateConfigForFile(`${ROOT}${path}`);
    assert.equal(rules["no-restricted-syntax"]?.[0], 2, path);
  }
});
