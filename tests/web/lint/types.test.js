/** What `tsconfig.json` is there to refuse is refused, each sample for one reason only; and what is right passes. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(`${ROOT}tsconfig.json`, {}, ts.sys);

const GONE = /Cannot find module/;
/** What is wrong, how it is refused, the text. @type {[string, RegExp, string][]} */
const WRONG = [
  ["a module that is gone", GONE, 'import { element } from "./gone.js";\nexport const made = element;'],
  ["one that is gone, handed on", GONE, 'export * from "./gone.js";'],
  ["one that is gone, imported late", GONE, 'export const later = () => import("./gone.js");'],
  ["one that is gone, for its effects", /Cannot find module/, 'import "./gone.js";'],
  ["one in a comment that is gone", GONE, '/** @type {import("./gone.js").Part | null} */\nexport const part = null;'],
  ["one without its ending", /need explicit file extensions/, 'import { element } from "./dom";\nexport const made = element;'],
  ["a name that the module does not have", /no exported member/, 'import { gone } from "./dom.js";\nexport const made = gone;'],
  ["a type that the module does not have", /no exported member/, '/** @type {import("./dom.js").Gone | null} */\nexport const part = null;'],
  ["a global that is made", /Cannot find name/, "made = 1;\nexport {};"],
  ["a property of the document that is made", /does not exist on type/, "document.made = 1;\nexport {};"],
  ["a node that may be none", /not assignable/, "/** @param {Node | null} node */\nexport const put = (node) => document.body.replaceChildren(node);"],
  ["an argument of another type", /not assignable/, 'import { sizedContext } from "./dom.js";\nexport const made = sizedContext(document.createElement("canvas"), "1", 1);'],
  ["a parameter without a type", /implicitly has an 'any' type/, "export const same = (value) => value;"],
];
const RIGHT = `import { element } from "./dom.js";
/** @param {string} text @param {import("./palette.js").Theme} theme */
export const made = (text, { accent }) => element("p", { text, style: \`color:\${accent}\` }).textContent;
export const later = () => import("./dom.js");
`;

/** Check texts as if each were a module of its own in `app/web/base/`; the sentences about each. */
function checked(texts) {
  const names = texts.map((_, k) => resolve(ROOT, `app/web/base/sample${k}.js`));
  const samples = new Map(names.map((name, k) => [name, texts[k]]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => samples.has(resolve(name)) || fileExists(name);
  host.readFile = (name) => samples.get(resolve(name)) ?? readFile(name);
  const program = ts.createProgram(names, options, host);
  return names.map((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")));
}

test("what is wrong is refused, and what is right is not", () => {
  const [right, ...wrong] = checked([RIGHT, ...WRONG.map(([, , text]) => text)]);
  assert.deepEqual(right, []);
  WRONG.forEach(([what, says], k) => {
    assert.equal(wrong[k].length, 1, `${what}: ${wrong[k].join(" | ") || "nothing"}`);
    assert.match(wrong[k][0], says, what);
  });
});

test("every module of the app is checked", () => {
  const paths = globSync("app/web/**/*.js", { cwd: ROOT }).map((path) => resolve(ROOT, path));
  assert.ok(paths.length > 100);
  assert.deepEqual(fileNames.map((name) => resolve(name)).sort(), paths.sort());
});
