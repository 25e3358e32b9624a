import assert from "node:assert/strict";
import { test } from "node:test";
import { Controls } from "../../../app/web/map/controls.js";
import { Scene } from "../../../app/web/map/scene.js";
import { toData } from "../../../app/web/map/view.js";

const size = { width: 900, height: 600 };
/** Points of a plane at (i % 9, ⌊i / 9⌋) for i < 54, a hundred pixels apart; or a cube of space. */
const flat = { points: Float32Array.from({ length: 108 }, (_, i) => (i & 1 ? Math.floor((i >> 1) / 9) : (i >> 1) % 9)), dimensions: 2, colours: new Uint32Array(54), box: { low: [-0.5, -0.5], high: [8.5, 5.5] } };
const cube = { points: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1), dimensions: 3, colours: new Uint32Array(5) };

/** A cloud without its canvases. */
function stage(layout, reach = undefined, deaf = []) {
  const canvas = Object.assign(new EventTarget(), { style: {}, setPointerCapture() {}, attributes: {}, setAttribute(name, value) { this.attributes[name] = value; } });
  const told = [];
  const scene = new Scene();
  scene.set(layout, false, 0);
  const cloud = {
    canvas, scene, size, chosen: null, schedule() {},
    get fitted() { return scene.fitted(size); },
    get box() { return this.chosen ?? this.fitted; },
    look(box) { this.chosen = box; },
    fit() { this.chosen = null; },
    handlers: {
      onHover: ({ index, x, y }) => told.push(["hover", index, x, y]),
      onLeave: () => told.push(["leave"]),
      onClick: (index, { x, y }) => told.push(["click", index, x, y]),
      onSelect: (indices, mode) => told.push(["select", [...indices], mode]),
      onClear: () => told.push(["clear"]),
    },
  };
  for (const name of deaf) delete cloud.handlers[name];
  const ending = new AbortController();
  const controls = new Controls(/** @type {any} */ (cloud), ending.signal, reach);
  controls.setTool("move");
  scene.place(cloud.box, size, 1e6);
  const fire = (type, properties) => canvas.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), properties));
  const pointer = (type, x, y, more = {}) => fire(`pointer${type}`, { pointerId: 1, pointerType: "mouse", button: 0, buttons: Number(type !== "up"), offsetX: x, offsetY: y, shiftKey: false, altKey: false, ...more });
  const key = (name, more = {}) => fire("keydown", { key: name, shiftKey: false, altKey: false, ...more });
  const without = (name) => told.filter(([what]) => what !== name);
  return { cloud, controls, told, pointer, key, fire, without, ending };
}
const drag = (pointer, path, more = {}) => {
  pointer("down", ...path[0], more);
  for (const at of path.slice(1)) pointer("move", ...at, more);
  pointer("up", ...path.at(-1), more);
};

test("hovering tells the place in data and the point that is near, or that none is", () => {
  const { pointer, told } = stage(flat);
  pointer("move", 150, 550);
  pointer("move", 155, 545);
  pointer("move", 200, 600);
  assert.deepEqual(told.slice(0, 2).map((entry) => entry[1]), [1, 1]);
  assert.ok(Math.abs(told[0][2] - 1) < 1e-9 && Math.abs(told[0][3]) < 1e-9);
  assert.equal(told[2][1], -1);
});

test("without a bound to its reach the pointer always meets the nearest point", () => {
  const { pointer, told } = stage({ ...flat, box: { low: [-100, -100], high: [100, 100] } }, Infinity);
  pointer("move", 0, 599);
  pointer("move", 899, 0);
  assert.deepEqual(told.map((entry) => entry[1]), [0, 53]);
});

test("when the view moves under a resting pointer, what has come there is told", () => {
  const { pointer, key, fire, told } = stage(flat);
  pointer("move", 150, 550);
  for (const act of [() => key("+"), () => key("ArrowRight", { shiftKey: true }), () => key("0")]) {
    const [, , x] = told.at(-1);
    act();
    assert.notEqual(told.at(-1)[2], x);
  }
  assert.ok(Math.abs(told.at(-1)[2] - 1) < 1e-9);
  key("+");
  fire("dblclick", {});
  assert.ok(Math.abs(told.at(-1)[2] - 1) < 1e-9);
});

test("a finger scrolls the page over an empty map, and not over one with points", () => {
  const { cloud, controls } = stage({ points: new Float32Array(0), dimensions: 2, colours: new Uint32Array(0) });
  assert.notEqual(cloud.canvas.style.touchAction, "none");
  cloud.scene.set(flat, false, 0);
  controls.describe();
  assert.equal(cloud.canvas.style.touchAction, "none");
});

test("a click tells the point at the pointer", () => {
  const { pointer, without } = stage(flat);
  pointer("down", 251, 449);
  pointer("up", 251, 449);
  const [[what, index, x, y]] = without("hover");
  assert.deepEqual([what, index, x.toFixed(2), y.toFixed(2)], ["click", 11, "2.01", "1.01"]);
});

test("a mouse pans, a finger moves the pointer, two fingers zoom", () => {
  const { pointer, cloud } = stage(flat);
  drag(pointer, [[100, 100], [150, 130], [200, 160]]);
  assert.ok(Math.abs(cloud.box.low[0] + 1.5) < 1e-9 && Math.abs(cloud.box.low[1] - 0.1) < 1e-9);
  const before = cloud.box;
  drag(pointer, [[100, 100], [150, 130], [200, 160]], { pointerType: "touch" });
  assert.deepEqual(cloud.box, before);
  const touch = { pointerType: "touch", pointerId: 2 };
  pointer("down", 300, 300, { ...touch, pointerId: 1 });
  pointer("down", 500, 300, touch);
  pointer("move", 700, 300, touch);
  assert.ok(Math.abs((cloud.box.high[0] - cloud.box.low[0]) / (before.high[0] - before.low[0]) - 0.5) < 1e-9);
});

test("a box selects what it holds; shift adds, alt subtracts; it does not pan", () => {
  const { pointer, controls, without, cloud } = stage(flat);
  controls.setTool("box");
  drag(pointer, [[20, 580], [100, 500], [220, 420]]);
  drag(pointer, [[220, 580], [300, 540]], { shiftKey: true });
  drag(pointer, [[280, 420], [120, 580]], { altKey: true });
  assert.deepEqual(without("hover"), [
    ["select", [0, 1, 9, 10], "replace"], ["select", [2], "add"], ["select", [1, 2, 10, 11], "subtract"],
  ]);
  assert.equal(cloud.chosen, null);
});

test("a lasso selects what it goes around", () => {
  const { pointer, controls, without } = stage(flat);
  controls.setTool("lasso");
  drag(pointer, [[450, 565], [565, 450], [450, 335], [335, 450]]);
  assert.deepEqual(without("hover"), [["select", [4, 12, 13, 14, 22], "replace"]]);
});

test("a lasso that holds nothing selects nothing, and a press without a drag is a click", () => {
  const { pointer, controls, without } = stage(flat);
  controls.setTool("lasso");
  drag(pointer, [[90, 90], [110, 90], [110, 110]]);
  drag(pointer, [[150, 550], [151, 550]]);
  assert.deepEqual(without("hover").map(([what]) => what), ["select", "click"]);
  assert.deepEqual(without("hover")[0][1], []);
});

test("keys alone select a box: Enter, arrows, Enter; Escape gives it up, and clears", () => {
  const { key, controls, without } = stage(flat);
  controls.setTool("box");
  key("ArrowRight"); // to the middle, where it begins
  key("ArrowRight");
  key("Enter");
  for (let k = 0; k < 10; k++) for (const name of ["ArrowRight", "ArrowDown"]) key(name);
  key("Enter");
  // From (462, 300), 120 pixels to the right and down.
  assert.deepEqual(without("hover"), [["select", [23], "replace"]]);
  key("Enter");
  key("ArrowRight");
  key("Escape");
  assert.equal(controls.outline, null);
  assert.deepEqual(without("hover").map(([name]) => name), ["select", "clear"]);
});

test("arrows move the pointer, at the border the view gives way; with Shift they move the view", () => {
  const { key, controls, cloud } = stage(flat);
  key("ArrowRight");
  assert.deepEqual([controls.pointer.px, controls.pointer.py], [450, 300]);
  for (let k = 0; k < 50; k++) key("ArrowRight");
  assert.equal(controls.pointer.px, 900);
  assert.ok(cloud.box.low[0] > -0.5);
  const { low } = cloud.box;
  key("ArrowUp", { shiftKey: true });
  assert.ok(cloud.box.low[1] > low[1]);
});

test("plus and minus zoom about the middle, 0 fits; Enter clicks; other keys are left to the page", () => {
  const { key, cloud, without } = stage(flat);
  const middle = toData(cloud.box, size, 450, 300);
  key("+");
  key("+");
  assert.ok(cloud.box.high[0] - cloud.box.low[0] < 7);
  toData(cloud.box, size, 450, 300).forEach((value, k) => assert.ok(Math.abs(value - middle[k]) < 1e-9));
  key("-");
  key("-");
  assert.ok(Math.abs(cloud.box.low[0] + 0.5) < 1e-9);
  key("0");
  assert.equal(cloud.chosen, null);
  key("ArrowLeft");
  key("Enter");
  assert.deepEqual(without("hover").map(([what]) => what), ["click"]);
  assert.ok(key("a") && key("Tab"), "not prevented");
});

test("in space a drag turns, with Shift it pans; places are not told, and points are met when it rests", async () => {
  const { pointer, cloud, told, key } = stage(cube);
  const before = cloud.scene.rotation;
  drag(pointer, [[450, 300], [480, 310], [500, 320]]);
  assert.notDeepEqual(cloud.scene.rotation, before);
  assert.equal(cloud.chosen, null);
  const turned = cloud.scene.rotation;
  drag(pointer, [[450, 300], [480, 310]], { shiftKey: true });
  assert.deepEqual(cloud.scene.rotation, turned);
  assert.notEqual(cloud.chosen, null);
  key("ArrowLeft");
  assert.notDeepEqual(cloud.scene.rotation, turned);
  assert.ok(told.every(([, , x, y]) => Number.isNaN(x) && Number.isNaN(y)));
  await new Promise((resolve) => setTimeout(resolve, 180));
  cloud.scene.place(cloud.box, size, 1e6);
  pointer("move", cloud.scene.positions[4], cloud.scene.positions[5]);
  assert.equal(told.at(-1)[1], 2);
});

test("the label tells the keys of the tool, in the plane and in space", () => {
  const { controls, cloud } = stage(flat);
  const label = () => cloud.canvas.attributes["aria-label"];
  assert.match(label(), /Arrow keys move the pointer.*Enter chooses/);
  controls.setTool("box");
  assert.match(label(), /Enter sets a corner/);
  assert.match(stage(cube).cloud.canvas.attributes["aria-label"], /Arrow keys turn/);
  assert.match(label(), /Escape clears/);
  assert.doesNotMatch(stage(flat, undefined, ["onClick", "onClear"]).cloud.canvas.attributes["aria-label"], /Enter|Escape/);
});

test("when the pointer leaves, that is told", () => {
  const { pointer, told, controls } = stage(flat);
  pointer("move", 150, 550);
  pointer("leave", 150, 550);
  assert.deepEqual(told.at(-1), ["leave"]);
  assert.equal(controls.pointer, null);
});

test("when other points come under a resting pointer, Enter means the new one, and nothing is told before", () => {
  const { pointer, key, controls, cloud, told } = stage(flat);
  pointer("move", 150, 550);
  const count = told.length;
  cloud.scene.set({ ...flat, points: flat.points.slice().reverse(), box: { low: [-0.5, -0.5], high: [5.5, 8.5] } }, false, 0);
  controls.renew();
  assert.equal(told.length, count);
  key("Enter");
  assert.notEqual(told.at(-1)[1], 1);
  assert.ok(told.at(-1)[1] < 54);
});
