// The canvas of the studio: draws a process, saves the draft, shows what the checks say at the elements they speak of.
//
// The page gives it everything by data- attributes; without this script the page's text field does the same work.

import "./_strict.js";
import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import ZeebeBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { Desk, button, list, plain } from "./_desk.js";
import ids from "./_ids.js";
import office from "./_office.js";
import supported from "./_supported.js";
import translate from "./_translate.js";

import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";

const READABLE = 0.7; // a diagram that would be smaller than this begins at its start instead
const ROOM = 130; // pixels that the palette covers
const EDGE = 20;
const DECLARATION = /^\s*<\?xml[^>]*\?>/;

const page = document.querySelector("[data-desk]");
const known = JSON.parse(page.dataset.known);
const source = page.querySelector("[data-desk-source]");
const declaration = DECLARATION.exec(source.value)?.[0]; // of the file: it keeps its encoding when the canvas saves it

const modeler = new BpmnModeler({
  container: page.querySelector("[data-desk-canvas]"),
  propertiesPanel: { parent: page.querySelector("[data-desk-properties]") },
  additionalModules: [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    ZeebePropertiesProviderModule,
    ZeebeBehaviorsModule,
    translate,
    ids,
    supported(known.runs),
    office(known),
  ],
  moddleExtensions: { zeebe },
});
const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((part) => modeler.get(part));

open();

async function open() {
  page.classList.add("desk--live");
  let left = []; // out of the canvas, and so of what it saves
  try {
    ({ warnings: left } = await modeler.importXML(source.value.replace(DECLARATION, "")));
  } catch (error) {
    // What the canvas cannot draw is edited as text: nothing of it is lost.
    page.classList.remove("desk--live");
    page.querySelector("[data-desk-text]").open = true;
    page.querySelector("[data-desk-status]").textContent = `${page.dataset.textBroken} ${error.message}`;
    return;
  }
  begin();
  const desk = new Desk(page, { content, show });
  modeler.get("eventBus").on("commandStack.changed", () => desk.changed());
  show(JSON.parse(page.dataset.complaints));
  tools();
  if (left.length) desk.say(`${page.dataset.textPartly} ${left.map((one) => one.message).join("; ")}`, "trouble");
  page.dataset.ready = ""; // from here on nothing moves by itself
}

async function content() {
  const { xml } = await modeler.saveXML({ format: true });
  source.value = declaration ? xml.replace(DECLARATION, declaration) : xml;
  return source.value;
}

// Begins readable at the start of the process, rather than with the whole diagram in letters too small to read.
function begin() {
  const { inner, outer } = canvas.viewbox();
  const fits = Math.min(1, (outer.width - ROOM - EDGE) / inner.width, (outer.height - 2 * EDGE) / inner.height);
  const scale = Math.max(fits, READABLE);
  const [x, y] = [inner.x - ROOM / scale, inner.y - EDGE / scale];
  canvas.viewbox({ x, y, width: outer.width / scale, height: outer.height / scale });
}

function tools() {
  const stack = modeler.get("commandStack");
  const acts = {
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() * 0.8),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    undo: () => stack.canUndo() && stack.undo(),
    redo: () => stack.canRedo() && stack.redo(),
  };
  page.querySelector("[data-desk-tools]").addEventListener("click", ({ target }) => acts[target.closest("[data-act]")?.dataset.act]?.());
}

function show(complaints) {
  overlays.remove({ type: "complaint" });
  list(page, complaints, (complaint) => {
    const element = registry.get(complaint.where);
    const name = element?.businessObject.name || complaint.where || page.dataset.textWhole;
    return element ? button(name, () => go(element)) : plain(name);
  });
  for (const [where, ones] of Map.groupBy(complaints, (complaint) => complaint.where)) {
    const element = registry.get(where);
    if (element?.parent) mark(element, ones);
  }
}

function mark(element, complaints) {
  const worst = complaints.some((one) => one.severity === "error") ? "error" : "warning";
  const html = document.createElement("div");
  html.className = `mark-complaint mark-complaint--${worst}`;
  const said = document.createElement("span");
  said.className = "mark-complaint__text";
  said.textContent = complaints.map((one) => one.message).join(" ");
  html.append(worst === "error" ? "!" : "?", said);
  overlays.add(element, "complaint", { position: { top: -14, left: -14 }, html });
}

function go(element) {
  canvas.scrollToElement(element, 160);
  modeler.get("selection").select(element);
  page.querySelector("[data-desk-canvas]").scrollIntoView({ block: "center" });
}
