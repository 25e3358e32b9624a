/** Play, pause, step, stop, rewind and its undoing, new seed, speed; and what the run is doing. */
import { element } from "../base/dom.js";
import { explained } from "../base/explained.js";
import { isPlain } from "../base/keys.js";

/** Outlines on a 24×24 grid. @type {Record<string, string>} */
const ICONS = {
  play: "M7 4l13 8-13 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  step: "M5 4l10 8-10 8zM17 4h3v16h-3z",
  stop: "M5 5h14v14H5z",
  rewind: "M19 4L9 12l10 8zM4 4h3v16H4z",
  undo: "M9 5v4h5.5a5.5 5.5 0 0 1 0 11H6v-3h8.5a2.5 2.5 0 0 0 0-5H9v4L2 10.5z",
  seed: "M4 4h16v16H4zM8 8h2v2H8zM14 8h2v2h-2zM11 11h2v2h-2zM8 14h2v2H8zM14 14h2v2h-2z",
};
/** Steps a second, by the name in the menu; null is as fast as the device goes. @type {[string, number | null][]} */
const PACES = [["Full speed", null], ["300 steps/s", 300], ["50 steps/s", 50], ["10 steps/s", 10]];
/** Milliseconds for which a complaint stays. */
const SHOW_COMPLAINT = 6000;
const ASK_TO_REWIND = "Press r again to rewind to the initial weights.";
/** @type {Record<string, string>} */
const STATUS = {
  waiting: "Starting", loading: "Loading data", running: "Training", paused: "Paused", stopped: "Stopped",
  finished: "Finished", diverged: "Diverged", failed: "Failed", pretrained: "Pretrained", saved: "Saved",
};

/** @param {string} name */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

export class Transport {
  /**
   * @param {object} handlers
   * @param {(command: {type: string, steps_per_second?: number | null}) => void} handlers.onCommand
   * @param {(pace: {steps_per_second: number | null}) => void} [handlers.onPace] of this run and those to come
   * @param {() => void} [handlers.onNewSeed] without it there is no such button
   * @param {() => void} [handlers.onFork]
   * @param {import("../base/explained.js").Terms} terms
   */
  constructor(handlers, terms) {
    this.handlers = handlers;
    this.terms = terms;
    /** The numbers on show, by their names. @type {Record<string, HTMLElement>} */
    this.parts = {};
    const button = (/** @type {string} */ name, /** @type {string} */ title, /** @type {() => void} */ act) =>
      element("button", { type: "button", class: `button ${name}`, title, "aria-label": title, "data-action": name, onclick: act }, icon(name));
    const command = (/** @type {string} */ type) => () => handlers.onCommand({ type });
    this.playButton = button("play", "Train (space)", () => this.toggle());
    this.buttons = [
      button("rewind", "Rewind to the same initial weights (r, twice)", command("rewind")),
      this.playButton,
      button("step", "One step (.)", command("step")),
      button("stop", "Stop and keep the result", command("stop")),
      ...(handlers.onNewSeed ? [button("seed", "Start again with a new seed", handlers.onNewSeed)] : []),
    ];
    this.pace = element("select", {
      class: "pace", "aria-label": "Speed", title: "Speed of training",
      onchange: () => {
        const pace = { steps_per_second: PACES[this.pace.selectedIndex][1] };
        handlers.onCommand({ type: "pace", ...pace });
        handlers.onPace?.(pace);
      },
    }, ...PACES.map(([text]) => element("option", { text })));
    this.undo = button("undo", "Undo", command("undo"));
    this.undo.hidden = true;
    this.buttons.splice(1, 0, this.undo);
    this.fork = element("button", { type: "button", class: "button wide", text: "Continue training", "data-action": "fork", onclick: handlers.onFork });
    this.badge = element("span", { class: "badge", "data-testid": "status", role: "status" });
    this.numbers = element("span", { class: "numbers", "data-testid": "numbers" });
    this.stage = element("span", { class: "stage-name", "data-testid": "stage" });
    this.message = element("div", { class: "message", role: "alert", "data-testid": "message", hidden: true });
    this.complaint = element("div", { class: "message", role: "alert", "data-tone": "bad", "data-testid": "complaint", hidden: true });
    this.root = element("div", { class: "transport" },
      element("div", { class: "buttons" }, ...this.buttons, this.pace, this.fork), this.badge, this.numbers);
    this.status = "waiting";
    /** Whether there is nothing that could be commanded. */
    this.dead = false;
    /** Whether `r` was pressed once, and what that means is being told. */
    this.asking = false;
  }

  /** Whether the run can be commanded, or only looked at. @param {boolean} readOnly */
  begin(readOnly) {
    this.readOnly = readOnly;
    for (const button of [...this.buttons, this.pace]) button.hidden = readOnly;
    this.undo.hidden = true; // until a frame tells that there is something to undo
    this.fork.hidden = !readOnly;
  }

  toggle() {
    this.handlers.onCommand({ type: this.status === "running" ? "pause" : "play" });
  }

  /** Keys that work anywhere on the bench except in a field. @param {KeyboardEvent} event */
  key(event) {
    if (this.readOnly || this.dead || !isPlain(event)) return;
    if (event.key === " ") this.toggle();
    else if (event.key === ".") this.handlers.onCommand({ type: "step" });
    else if (event.key.toLowerCase() === "r") this.askedToRewind(event.repeat);
    else return;
    event.preventDefault();
  }

  /** One key, pressed by mistake, must not cost a history: it takes two. @param {boolean} held whether the key is only still down */
  askedToRewind(held) {
    if (held) return;
    if (!this.asking) {
      this.complain(ASK_TO_REWIND);
      this.asking = true;
      return;
    }
    this.still();
    this.handlers.onCommand({ type: "rewind" });
  }

  /** The server refused something: say so for a while. @param {string} text */
  complain(text) {
    this.still();
    this.complaint.textContent = text;
    this.complaint.hidden = false;
    this.complaining = setTimeout(() => this.still(), SHOW_COMPLAINT);
  }

  /** Nothing is complained of any more. */
  still() {
    clearTimeout(this.complaining);
    this.complaint.hidden = true;
    this.asking = false;
  }

  /** @param {string} status @param {string} message @param {boolean} [dead] whether it came to nothing, so that there is nothing to command */
  setStatus(status, message, dead = false) {
    this.status = status;
    this.dead = dead;
    for (const control of [...this.buttons, this.pace]) control.disabled = dead;
    const running = status === "running";
    // Only when it changes: a click on a picture that is replaced under the pointer is no click.
    if (this.playButton.dataset.action !== (running ? "pause" : "play")) {
      this.playButton.replaceChildren(icon(running ? "pause" : "play"));
    }
    this.playButton.title = running ? "Pause (space)" : "Train (space)";
    this.playButton.setAttribute("aria-label", this.playButton.title);
    this.playButton.dataset.action = running ? "pause" : "play";
    this.badge.textContent = STATUS[status] ?? status;
    this.badge.dataset.status = status;
    this.message.hidden = !message;
    this.message.textContent = message;
    this.message.dataset.tone = status === "failed" || status === "diverged" ? "bad" : "calm";
  }

  /** How far the training was that undoing the last rewind would bring back. @param {number | null} step */
  setAside(step) {
    this.undo.hidden = step === null;
    if (step === null) return;
    this.undo.title = `Undo the rewind: back to step ${step.toLocaleString("en")}`;
    this.undo.setAttribute("aria-label", this.undo.title);
  }

  /** Another viewer may have chosen the speed. @param {number | null} pace */
  setPace(pace) {
    const index = PACES.findIndex(([, steps]) => steps === pace);
    if (index >= 0) this.pace.selectedIndex = index;
  }

  /** @param {import("../wire/wire.js").Message} frame @param {import("../wire/wire.js").Message} scene */
  setNumbers(frame, scene) {
    const { step, steps, epoch, rate } = frame.meta;
    const whole = (/** @type {number} */ n) => Math.round(n).toLocaleString("en");
    if (!this.numbers.children.length) this.numbers.append(...["step", "epoch", "examples/s", "device"].map((name) => this.part(name)), this.stage);
    this.parts.step.textContent = whole(step);
    this.parts.epoch.textContent = `${whole(epoch)} / ${whole(steps / scene.meta.steps_per_epoch)}`;
    this.parts["examples/s"].textContent = rate ? whole(Number(rate.toPrecision(2))) : "–";
    this.parts.device.textContent = scene.meta.device;
    this.stage.textContent = frame.meta.stage || "";
    this.stage.hidden = !frame.meta.stage;
  }

  /** A number with its name; it stays, as somebody may be reading what the name means. @param {string} name */
  part(name) {
    this.parts[name] = element("b");
    return element("span", { class: "number", "data-number": name }, this.parts[name], element("i", {}, " ", explained(this.terms, name, name)));
  }
}
