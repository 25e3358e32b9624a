/**
 * Run whole networks as the browser does: `node pass.mjs FOLDER`. For each NAME.network (a message), NAME.examples
 * (float32, one row an example), NAME.labels (int32, one an example, −1 for none) and NAME.json (`active`: how many units
 * of a code are kept) in it, write NAME.passed: float32, for each example what every layer makes, one after the other,
 * then the deviations of the posterior, where it has any.
 */
import { readFileSync } from "node:fs";
import { Network } from "../../app/web/network/passing.js";
import { product } from "../../app/web/decoder/layers.js";
import { parseMessage } from "../../app/web/wire/wire.js";
import { named, read, write } from "./files.mjs";

for (const name of named(process.argv[2], ".network")) {
  const message = parseMessage(read(`${name}.network`));
  const network = new Network(message);
  const examples = new Float32Array(read(`${name}.examples`));
  const features = product(message.meta.shape);
  const labels = new Int32Array(read(`${name}.labels`));
  const { active } = JSON.parse(readFileSync(`${name}.json`, "utf8"));
  write(`${name}.passed`, Array.from(labels, (label, i) => {
    const { values, deviation } = network.pass(examples.slice(i * features, (i + 1) * features), { label, active });
    return [...values.slice(1), ...(deviation ? [deviation] : [])];
  }).flat());
}
