/** The messages that a page without a server brings with it, and a client that answers from them. */
import { parseMessage } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */

/**
 * The messages in the elements `<script type="application/octet-stream" data-part="…">`, compressed and then as base64.
 * @param {Document} document
 * @returns {Promise<Record<string, Message>>}
 */
export async function embeddedMessages(document) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("script[data-part]"));
  const read = async (/** @type {HTMLElement} */ part) => [part.dataset.part, parseMessage(await unpacked(fromBase64(part.textContent ?? "")))];
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

/** Takes the place of a `Client`. */
export class EmbeddedClient {
  /** @param {Record<string, Message>} messages */
  constructor(messages) {
    /** Of each question the message that answers it, whatever it asks for in particular. @type {Record<string, Message | undefined>} */
    this.answers = { pictures: messages.pictures, project: messages.projection };
  }

  /** @param {string} name @returns {import("./questions.js").Question} */
  ask(name) {
    const found = this.answers[name];
    const answer = found ? Promise.resolve(found)
      : Promise.reject(new Error("This page has no server to ask: open the model in the Autoencoder Explorer for that."));
    return { answer, cancel: () => {} };
  }
}
