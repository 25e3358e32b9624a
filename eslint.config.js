/** What JavaScript here may not say; every message says what to do instead. `tests/web/lint/` shows that it is refused. */
import js from "@eslint/js";
import globals from "globals";

const RELATIVE = "Import a module of app/web by its relative path: there is no build step that would find a package.";
const LITERAL = "Name the module in one string: what is put together can be neither checked nor bundled.";
const GLOBALS = "Modules share nothing through the global object: hand it over, and name what the browser has by itself (document, matchMedia).";
const MARKUP = "Text goes in as text, never as markup, as it runs with the rights of the page: use `element` of base/dom.js, or textContent.";
const HOST = "A component knows no host: it uses the `connect` and `tell` that it is given (web/wire/host.js). Only web/host/ knows more.";

const SIZES = "A canvas is drawn again on another screen, too: use `watchSize` of base/resizing.js.";

/** Of a browser; `onresize` and its like, too, may not be written. */
const browser = Object.fromEntries(Object.keys(globals.browser).map((name) => [name, "readonly"]));
const globalObjects = ["window", "globalThis", "self", "frames", "parent", "top", "opener"].map((name) => ({ name, message: GLOBALS }));
const markup = [
  ...["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "createContextualFragment", "srcdoc"].map((property) => ({ property, message: MARKUP })),
  ...["write", "writeln"].map((property) => ({ object: "document", property, message: MARKUP })),
];
const defaultView = { object: "document", property: "defaultView", message: GLOBALS };
const syntax = [
  { selector: "ImportExpression > Literal.source[value=/^(?!\\.{1,2}\\u002f)/]", message: RELATIVE },
  { selector: "ImportExpression[source.type!='Literal']", message: LITERAL },
  { selector: "MemberExpression[object.property.name=/document$/i][property.name=/^write(ln)?$/]", message: MARKUP },
  { selector: "ObjectExpression > Property > .key:matches([name=/^(inner|outer)HTML$/], [value=/^(inner|outer)HTML$/])", message: MARKUP },
];
const hostGlobals = ["WebSocket", "EventSource", "XMLHttpRequest", "fetch", "postMessage", "location"].map((name) => ({ name, message: HOST }));
const sizes = { name: "ResizeObserver", message: SIZES };
const hostProperties = ["baseURI", "setTriggerValue", "setStateValue", "parentElement", "postMessage", "location"].map((property) => ({ property, message: HOST }));
const hostSyntax = [
  "Identifier[name=/streamlit/i]",
  "Literal[value=/streamlit|\\bwss?:|data-part/i]",
  "TemplateElement[value.raw=/streamlit|\\bwss?:|data-part/i]",
].map((selector) => ({ selector, message: HOST }));

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
  { files: ["tests/web/**"], languageOptions: { globals: globals.nodeBuiltin } },
  {
    files: ["app/web/**"],
    languageOptions: { globals: browser },
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: "^(?!\\.{1,2}/)", message: RELATIVE }] }],
      "no-restricted-globals": ["error", ...globalObjects],
      "no-restricted-properties": ["error", ...markup, defaultView],
      "no-restricted-syntax": ["error", ...syntax],
      "no-extend-native": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
    },
  },
  {
    files: ["app/web/**"],
    ignores: ["app/web/host/**"],
    rules: {
      "no-restricted-globals": ["error", ...globalObjects, ...hostGlobals, sizes],
      "no-restricted-properties": ["error", ...markup, defaultView, ...hostProperties],
      "no-restricted-syntax": ["error", ...syntax, ...hostSyntax],
    },
  },
  {
    files: ["app/web/base/resizing.js"],
    rules: { "no-restricted-globals": ["error", ...globalObjects, ...hostGlobals] },
  },
];
