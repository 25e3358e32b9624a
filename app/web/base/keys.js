/** Keys: those with Control, Alt or Meta belong to the browser and to the system, the others may mean something here. */

/** @param {KeyboardEvent} event @param {...string} keys those meant, all if none is named @returns {boolean} */
export function isPlain(event, ...keys) {
  return !event.ctrlKey && !event.altKey && !event.metaKey && (!keys.length || keys.includes(event.key));
}

/** What the arrow keys mean in two directions. @param {KeyboardEvent} event @returns {[number, number] | undefined} */
export function arrow(event) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = isPlain(event) ? ways[/** @type {keyof typeof ways} */ (event.key)] : undefined;
  return way && /** @type {[number, number]} */ (way);
}

/**
 * Where the left and right arrow keys lead in a row that ends where it begins; -1 for any other key.
 * @param {KeyboardEvent} event
 * @param {number} at
 * @param {number} count
 */
export function stepAround(event, at, count) {
  const way = arrow(event)?.[0];
  if (!way) return -1;
  event.preventDefault();
  return (at + way + count) % count;
}
