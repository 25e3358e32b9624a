/**
 * Decode as the browser does: `node decode.mjs FOLDER`. For each NAME.weights (a message), NAME.codes (float32,
 * one row a code) and NAME.labels (int32, one a code, −1 for none) in it, write NAME.decoded (float32, one row an example).
 */
import { makeDecoder } from "../../app/web/decoder/decoder.js";
import { parseMessage } from "../../app/web/wire/wire.js";
import { named, read, write } from "./files.mjs";

for (const name of named(process.argv[2], ".weights")) {
  const message = parseMessage(read(`${name}.weights`));
  const decode = makeDecoder(message);
  const codes = new Float32Array(read(`${name}.codes`));
  const { latent } = message.meta;
  const labels = new Int32Array(read(`${name}.labels`));
  write(`${name}.decoded`, Array.from(labels, (label, i) => decode(codes.subarray(i * latent, (i + 1) * latent), label)));
}
