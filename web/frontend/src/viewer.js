// The diagram of a case with the path it took. The page lists the same path in words; this draws it from that list.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./_viewer.css";

const SIGN = { done: "✓", now: "●", waiting: "◷", stopped: "✕", failed: "!", added: "+", changed: "≠" };
const HERE = ["failed", "now", "waiting", "added", "changed"].map((state) => `[data-element][data-state="${state}"]`).join(", ");

for (const figure of document.querySelectorAll("[data-diagram]")) draw(figure);

async function draw(figure) {
  const canvas = figure.querySelector("[data-diagram-canvas]");
  const xml = await (await fetch(figure.dataset.diagram)).text();
  if (!isDrawn(xml)) {
    figure.querySelector("[data-diagram-missing]").textContent = figure.dataset.undrawn;
    return;
  }
  canvas.hidden = false;
  const viewer = new NavigatedViewer({ container: canvas });
  await viewer.importXML(xml);
  figure.querySelector("[data-diagram-missing]").hidden = true;
  name(canvas, figure.dataset.name);
  mark(viewer, marks());
  show(viewer);
  tools(figure, viewer);
}

// A process may run that nobody has laid out: its shapes are missing, and there is nothing to show.
function isDrawn(xml) {
  const drawing = "http://www.omg.org/spec/BPMN/20100524/DI";
  return new DOMParser().parseFromString(xml, "text/xml").getElementsByTagNameNS(drawing, "BPMNShape").length > 0;
}

function marks() {
  return new Map([...document.querySelectorAll("[data-element]")].map((item) => [item.dataset.element, item.dataset]));
}

// The picture has a name, and is said to be one picture: its content stands in words below it.
function name(canvas, text) {
  const svg = canvas.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text);
}

function mark(viewer, states) {
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((part) => viewer.get(part));
  for (const [id, { state, said }] of states) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(id, `met-${state}`);
    if (!element.children?.length || element.type === "bpmn:SubProcess") overlays.add(id, "state", badge(state, said));
  }
  for (const flow of registry.filter((element) => element.type === "bpmn:SequenceFlow")) {
    if (walked(flow, states)) canvas.addMarker(flow.id, "met-flow");
  }
}

// A flow was walked when what it leaves was left and what it reaches was reached.
function walked(flow, states) {
  const from = states.get(flow.source?.id);
  return from && !["added", "changed"].includes(from.state) && from.state !== "stopped" && from.state !== "failed" && from.state !== "now" && states.has(flow.target?.id);
}

function badge(state, said) {
  const html = document.createElement("span");
  html.className = `met-badge met-badge--${state}`;
  html.textContent = state === "done" ? SIGN[state] : `${SIGN[state]} ${said}`;
  return { position: { top: -11, left: -7 }, html, scale: { min: 0.4 } }; // small, it may not cover what it marks
}

// Begins where the case is now, or where it ended, readable, instead of with the whole diagram in letters too small to read.
function show(viewer) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const here = document.querySelector(HERE) ?? [...document.querySelectorAll("[data-element]")].at(-1);
  if (here && canvas.zoom() < 0.6 && viewer.get("elementRegistry").get(here.dataset.element)) {
    canvas.zoom(0.75);
    canvas.scrollToElement(here.dataset.element, 160);
  }
}

function tools(figure, viewer) {
  const bar = figure.querySelector("[data-diagram-tools]");
  const canvas = viewer.get("canvas");
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const how = target.closest("[data-zoom]")?.dataset.zoom;
    if (how === "fit") canvas.zoom("fit-viewport", "auto");
    else if (how) canvas.zoom(canvas.zoom() * (how === "in" ? 1.25 : 0.8));
  });
}
