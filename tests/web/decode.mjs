/**
 * Decode as the browser does: `node decode.mjs FOLDER`. For each NAME.weights (a message) and NAME.codes
 * (float32, one row a code) in it, write NAME.decoded (float32, one row an example).
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDecoder } from "../../app/web/decoder.js";
import { parseMessage } from "../../app/web/wire.js";

/** @param {string} path */
function read(path) {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

const folder = process.argv[2];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".weights"))) {
  const name = join(folder, file.slice(0, -".weights".length));
  const message = parseMessage(read(`${name}.weights`));
  const decode = makeDecoder(message);
  const codes = new Float32Array(read(`${name}.codes`));
  const latent = message.arrays["0.weight"].shape[1];
  const rows = [];
  for (let at = 0; at < codes.length; at += latent) rows.push(...decode(codes.subarray(at, at + latent)));
  writeFileSync(`${name}.decoded`, new Float32Array(rows));
}
