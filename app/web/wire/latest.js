/** Of many wishes only the newest counts: one is being answered, of the others the newest waits. */
import { Cancelled } from "./questions.js";

/**
 * @template Values
 * @typedef {object} Handlers
 * @property {(message: import("./wire.js").Message, values: Values) => void} onAnswer
 * @property {(text: string, values: Values) => void} onFailed a sentence for people
 */

/** @template Values */
export class Latest {
  /**
   * @param {(values: Values) => import("./questions.js").Question} ask
   * @param {Handlers<Values>} handlers
   */
  constructor(ask, handlers) {
    this.ask = ask;
    this.handlers = handlers;
    /** @type {{values: Values} | null} */
    this.next = null;
    /** @type {import("./questions.js").Question | null} */
    this.question = null;
  }

  /** @param {Values} values */
  want(values) {
    this.next = { values };
    if (!this.question) this.run();
  }

  /** Nothing is wanted any more: what is on its way is not heard. */
  drop() {
    this.next = null;
    this.question?.cancel();
  }

  async run() {
    while (this.next) {
      const { values } = this.next;
      this.next = null;
      const question = this.ask(values);
      this.question = question;
      try {
        this.handlers.onAnswer(await question.answer, values);
      } catch (error) {
        if (!(error instanceof Cancelled)) this.handlers.onFailed(/** @type {Error} */ (error).message, values);
      }
      this.question = null;
    }
  }
}
