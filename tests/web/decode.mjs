/**
 * Decode as the browser does: `node decode.mjs FOLDER`. For each NAME.weights (a message), NAME.codes (float32,
 * one row a code) and NAME.labels (int32, one a code, −1 for none) in it, write NAME.decoded (float32, one row an example).
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDecoder } from "../../app/web/decoder/decoder.js";
import { parseMessage } from "../../app/web/wire/wire.js";

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
  const { latent } = message.meta;
  const labels = new Int32Array(read(`${name}.labels`));
  const rows = Array.from(labels, (label, i) => decode(codes.subarray(i * latent, (i + 1) * latent), label));
  writeFileSync(`${name}.decoded`, Buffer.concat(rows.map(({ buffer }) => Buffer.from(buffer))));
}
