/**
 * Run whole networks as the browser does: `node pass.mjs FOLDER`. For each NAME.network (a message), NAME.examples
 * (float32, one row an example), NAME.labels (int32, one an example, −1 for none) and NAME.json (`active`: how many units
 * of a code are kept) in it, write NAME.passed: float32, for each example what every layer makes, one after the other,
 * then the deviations of the posterior, where it has any.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Network } from "../../app/web/network/passing.js";
import { parseMessage } from "../../app/web/wire/wire.js";

/** @param {string} path */
function read(path) {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

const folder = process.argv[2];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".network"))) {
  const name = join(folder, file.slice(0, -".network".length));
  const message = parseMessage(read(`${name}.network`));
  const network = new Network(message);
  const examples = new Float32Array(read(`${name}.examples`));
  const features = message.meta.shape.reduce((a, b) => a * b, 1);
  const labels = new Int32Array(read(`${name}.labels`));
  const { active } = JSON.parse(readFileSync(`${name}.json`, "utf8"));
  const rows = Array.from(labels, (label, i) => {
    const { values, deviation } = network.pass(examples.slice(i * features, (i + 1) * features), { label, active });
    return [...values.slice(1), ...(deviation ? [deviation] : [])];
  }).flat();
  writeFileSync(`${name}.passed`, Buffer.concat(rows.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))));
}
