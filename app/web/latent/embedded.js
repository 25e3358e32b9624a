/** The messages that a page without a server brings with it, and a client that answers from them. */
import { parseMessage } from "../wire.js";

/** @typedef {import("../wire.js").Message} Message */

/**
 * The messages in the elements `<script type="application/octet-stream" data-part="…">`, as base64.
 * @param {Document} document
 * @returns {Record<string, Message>}
 */
export function embeddedMessages(document) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("script[data-part]"));
  return Object.fromEntries(Array.from(elements, (part) => [part.dataset.part, parseMessage(fromBase64(part.textContent ?? ""))]));
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

  /** @param {string} name @returns {import("./client.js").Question} */
  ask(name) {
    const found = this.answers[name];
    const answer = found ? Promise.resolve(found)
      : Promise.reject(new Error("This page has no server to ask: open the model in the Autoencoder Explorer for that."));
    return { answer, cancel: () => {} };
  }
}
