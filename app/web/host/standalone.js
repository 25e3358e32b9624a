/** The host of a page without a server: what is asked is answered by the messages that the page brings with it. */
import { make } from "../standalone/standalone.js";

/** @typedef {Record<string, ArrayBuffer>} Parts messages by their names */

/** Of each question the part that answers it, whatever it asks for in particular. */
const ANSWERS = /** @type {Record<string, string | undefined>} */ ({ space: "space", weights: "weights", pictures: "pictures", project: "projection", cluster: "clusters", column: "column" });

/** Fill the page from the messages in it. @param {HTMLElement} parent @param {import("../base/explained.js").Terms} terms */
export async function begin(parent, terms) {
  const parts = await embeddedParts(document);
  make(parent, { connect: (_, handlers) => new EmbeddedSocket(parts, handlers), tell: () => {}, terms }).open({});
}

/**
 * The messages in the elements `<script type="application/octet-stream" data-part="…">`, compressed and then as base64.
 * @param {Document} document
 * @returns {Promise<Parts>}
 */
export async function embeddedParts(document) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("script[data-part]"));
  const read = async (/** @type {HTMLElement} */ part) => [part.dataset.part, await unpacked(fromBase64(part.textContent ?? ""))];
  return Object.fromEntries(await Promise.all(Array.from(elements, read)));
}

/** What zlib has compressed. @param {ArrayBuffer} buffer @returns {Promise<ArrayBuffer>} */
function unpacked(buffer) {
  return new Response(new Blob([buffer]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

/** @param {string} text @returns {ArrayBuffer} */
export function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}

/** Answers the questions of a `Client` as the server does. */
export class EmbeddedSocket {
  /** @param {Parts} parts @param {Pick<import("../wire/host.js").Handlers, "onText" | "onBinary">} handlers */
  constructor(parts, handlers) {
    this.parts = parts;
    this.handlers = handlers;
    this.open = true;
    this.refused = false;
  }

  /** @param {any} question */
  send({ ask, id }) {
    if (ask === "cancel") return;
    const part = this.parts[ANSWERS[ask] ?? ""];
    if (part) this.handlers.onBinary(numbered(id, part));
    else this.handlers.onText(JSON.stringify({ type: "failed", id, message: "This page has no server to ask: open the model in the Autoencoder Explorer for that." }));
  }

  close() {
    this.open = false;
  }
}

/** An answer: the number of the question, then the message. @param {number} id @param {ArrayBuffer} part @returns {ArrayBuffer} */
function numbered(id, part) {
  const answer = new Uint8Array(8 + part.byteLength);
  new DataView(answer.buffer).setBigUint64(0, BigInt(id), true);
  answer.set(new Uint8Array(part), 8);
  return answer.buffer;
}
