/** Files that a test of Python writes for JavaScript, and the other way round. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @param {string} path */
export function read(path) {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

/** The paths of all files with an ending, without it. @param {string} folder @param {string} ending */
export function named(folder, ending) {
  return readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => join(folder, name.slice(0, -ending.length)));
}

/** @param {string} path @param {Float32Array[]} rows one after the other */
export function write(path, rows) {
  writeFileSync(path, Buffer.concat(rows.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))));
}
