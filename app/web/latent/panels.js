/** The panels of the latent space page, in their order. */
import { AttributesPanel } from "./attributes/attributespanel.js";
import { ExportPanel } from "./exportpanel.js";
import { OwnPanel } from "./ownpanel.js";
import { PointPanel } from "./pointpanel.js";
import { SamplePanel } from "./samplepanel.js";
import { UnitsPanel } from "./units/unitspanel.js";
import { WalkPanel } from "./walk/walkpanel.js";

/**
 * @param {import("../space/space.js").LatentSpace} space
 * @param {import("../space/mapview.js").MapView} map
 * @param {(text: string) => void} complain one sentence for people
 * @returns {import("../base/tabs.js").Panel[]}
 */
export function makePanels(space, map, complain) {
  return [
    new PointPanel(space, map),
    new WalkPanel(space, map, complain),
    new UnitsPanel(space, map),
    new AttributesPanel(space, map, complain),
    new SamplePanel(space, map, complain),
    new OwnPanel(space, map, complain),
    new ExportPanel(space, map, complain),
  ];
}
