// A host made only for a test: messages come by fetch, and what the user chose is noted on the page.
const [name] = location.hash.slice(1).split("?");

/** @type {import("../../../app/web/wire/host.js").Connect} */
function connect(path, handlers) {
  const socket = {
    open: true,
    refused: false,
    send(/** @type {any} */ message) {
      notes.push(message);
      if (message.type === "weights") fetch("messages/weights").then((answer) => answer.arrayBuffer()).then(handlers.onBinary);
    },
    close() {
      socket.open = false;
    },
  };
  begin(path, handlers);
  notes.push({ path });
  return socket;
}

/** @param {string} path @param {import("../../../app/web/wire/host.js").Handlers} handlers */
async function begin(path, handlers) {
  const count = await (await fetch("messages/count")).json();
  handlers.onOpen(true);
  if (path.includes("failed")) return handlers.onText('{"type": "status", "status": "failed", "message": "There is no MNIST."}');
  for (let i = 0; i < count; i++) handlers.onBinary(await (await fetch(`messages/${i}`)).arrayBuffer());
}

/** What came from the component. @type {any[]} */
const notes = [];
/** @type {{make: import("../../../app/web/wire/host.js").Make}} */
const { make } = await import(`./web/${name}.js`);
const { TERMS } = await import("./web/terms.js");
const view = make(/** @type {HTMLElement} */ (document.querySelector("main")), { connect, tell: (told, value) => notes.push({ told, value }), terms: TERMS });
view.open({ key: "some-run", readOnly: true, status: "finished" });
Object.assign(globalThis, { notes, view });
