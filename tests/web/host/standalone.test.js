import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { EmbeddedSocket, embeddedParts, fromBase64 } from "../../../app/web/host/standalone.js";
import { Client } from "../../../app/web/wire/questions.js";
import { parseMessage } from "../../../app/web/wire/wire.js";
import { spokenSize } from "../../../app/web/latent/exportpanel.js";
import { nameOf } from "../../../app/web/latent/tiles.js";
import { bytesOf, makeMessage } from "../support.js";

const base64 = (buffer) => Buffer.from(buffer).toString("base64");

test("base64 gives back every byte", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(new Uint8Array(fromBase64(base64(bytes))), bytes);
});

test("messages are read from the elements of the page, by name", async () => {
  const codes = new Float32Array([1.5, -2]);
  const message = makeMessage({ kind: "space", count: 1 }, { codes: { dtype: "F32", shape: [1, 2], bytes: bytesOf(codes) } });
  const elements = [{ dataset: { part: "space" }, textContent: base64(deflateSync(new Uint8Array(message))) }];
  const space = parseMessage((await embeddedParts({ querySelectorAll: () => elements })).space);
  assert.equal(space.meta.count, 1);
  assert.deepEqual(space.arrays.codes.data, codes);
});

test("questions are answered with what is there, and the rest is refused with a sentence", async () => {
  const part = (kind) => makeMessage({ kind }, { codes: { dtype: "F32", shape: [2], bytes: bytesOf(new Float32Array([1.5, -2])) } });
  const clientOf = (parts) => new Client((_, handlers) => new EmbeddedSocket(parts, handlers), "", {});
  const client = clientOf({ space: part("space"), pictures: part("pictures"), projection: part("projection") });
  for (const [question, kind] of [["space", "space"], ["pictures", "pictures"], ["project", "projection"]]) {
    const { meta, arrays } = await client.ask(question, {}).answer;
    assert.equal(meta.kind, kind);
    assert.deepEqual(arrays.codes.data, new Float32Array([1.5, -2]));
  }
  const question = client.ask("samples", {});
  question.cancel();
  await assert.rejects(question.answer, /no server to ask: open the model/);
  await assert.rejects(clientOf({ pictures: part("pictures") }).ask("project", {}).answer, /no server/);
});

test("sizes for people", () => {
  assert.deepEqual([999, 1000, 697_167, 999_499, 999_500, 3_608_285].map(spokenSize), ["999 bytes", "1 kB", "697 kB", "999 kB", "1.0 MB", "3.6 MB"]);
});

test("few samples have letters, many have none", () => {
  assert.deepEqual([0, 9, 19].map((which) => nameOf(which, 20)), ["A", "J", "T"]);
  assert.equal(nameOf(0, 50), "");
});
