/** Long work in slices, so that the page stays live: jobs in their order, some milliseconds of them in each frame. */

/** Milliseconds of work in a frame. */
const BUDGET = 8;

export class Slices {
  /** @param {(run: () => void) => void} [nextFrame] @param {() => number} [now] in milliseconds */
  constructor(nextFrame = (run) => requestAnimationFrame(run), now = () => performance.now()) {
    this.nextFrame = nextFrame;
    this.now = now;
    this.generation = 0;
  }

  /**
   * Do these from the next frame on; what is left of those before is dropped.
   * @param {Iterable<(() => void) | undefined>} jobs what a generator does between its yields is a job, too
   * @param {() => void} [onDone]
   */
  begin(jobs, onDone = () => {}) {
    const generation = ++this.generation;
    const left = jobs[Symbol.iterator]();
    const slice = () => {
      if (generation !== this.generation) return;
      const end = this.now() + BUDGET;
      do {
        const { done, value } = left.next();
        if (done) return onDone();
        value?.();
      } while (this.now() < end);
      this.nextFrame(slice);
    };
    this.nextFrame(slice);
  }

  stop() {
    this.generation++;
  }
}
