/**
 * What a component gets from its host: a page of the app, a file without a server, and whatever comes next are one
 * small file each in `web/host/`. A host calls `make` of a component's module, and then `open` of the view it gets.
 *
 * @typedef {object} Handlers of a connection
 * @property {(text: string) => void} onText
 * @property {(buffer: ArrayBuffer) => void} onBinary
 * @property {(open: boolean) => void} onOpen it was opened, or lost; not told when it was closed from here
 *
 * @typedef {object} Socket
 * @property {boolean} open
 * @property {boolean} refused whether the other side has closed it for good
 * @property {(message: object) => void} send if it is open
 * @property {() => void} close
 *
 * @typedef {(path: string, handlers: Handlers) => Socket} Connect to what a path such as `live/<run>` names; nothing
 *   is told before it has returned
 *
 * @typedef {object} Host
 * @property {Connect} connect
 * @property {(name: string, value: any) => void} tell the page what the user chose
 * @property {import("../base/explained.js").Terms} terms what the words on show mean
 *
 * @typedef {object} View
 * @property {(data: any) => void} open what the page wants shown, at first and whenever that has changed
 * @property {() => void} close
 *
 * @typedef {(parent: HTMLElement, host: Host) => View} Make fills the parent
 */
export {};
