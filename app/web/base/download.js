/** Files for the user to keep. */

/** Milliseconds for which the browser may still read the blob. */
const KEPT = 60_000;

/** @param {Blob} blob @param {string} name of the file */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
