// The tables of the studio: edits a decision as a table, saves the draft, shows what the checks say and leads to the rule.
//
// Without this script, and for files that the library cannot draw (it knows DMN 1.3), the page's text field does the work.

import "./_strict.js";
import DmnModeler from "dmn-js/lib/Modeler";
import { Desk, button, list, plain } from "./_desk.js";
import tables from "./_spanish_tables.js";
import { translate } from "./_translate.js";

import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";

const page = document.querySelector("[data-desk]");
const source = page.querySelector("[data-desk-source]");
const spanish = document.documentElement.lang === "es";
const said = (text, places) => translate((spanish && tables[text]) || text, places);
const inWords = { additionalModules: [{ translate: ["value", said] }] };
const modeler = new DmnModeler({
  container: page.querySelector("[data-desk-canvas]"),
  drd: inWords,
  decisionTable: inWords,
  literalExpression: inWords,
  boxedExpression: inWords,
});
const [TOOLS, CLEAR] = [80, 20]; // pixels: how wide the library's tools are, and what stays free below its title
const TYPED = 350; // milliseconds: the library takes what is typed into a cell a little later
const MENU = "Decision table context menu";
const watched = new WeakSet();
const remarks = new Map(); // of each rule that has some: as the library shows them
let desk;

open();

async function open() {
  page.classList.add("desk--live");
  new MutationObserver(name).observe(page.querySelector("[data-desk-canvas]"), { childList: true, subtree: true });
  try {
    await modeler.importXML(source.value, { open: false });
    showRemarks();
    await to(first());
  } catch (error) {
    // What cannot be drawn as a table is edited as text: nothing of it is lost.
    page.classList.remove("desk--live");
    page.querySelector("[data-desk-text]").open = true;
    page.querySelector("[data-desk-status]").textContent = `${page.dataset.textBroken} ${error.message}`;
    return;
  }
  desk = new Desk(page, { content, show });
  watch();
  modeler.on("views.changed", () => {
    watch();
    tabs();
  });
  tabs();
  tools();
  show(JSON.parse(page.dataset.complaints));
  page.dataset.ready = ""; // from here on nothing moves by itself
}

// A file with one table opens at the table, another at the picture of what requires what.
function first() {
  const views = modeler.getViews();
  const tables = views.filter((view) => view.type !== "drd");
  return tables.length === 1 ? tables[0] : views[0];
}

// Opens a view; the picture is moved out from under the tools and the title that the library lays over its corner.
async function to(view) {
  await modeler.open(view);
  if (view.type !== "drd") return;
  const canvas = modeler.getActiveViewer().get("canvas");
  const { inner, outer } = canvas.viewbox();
  const over = document.querySelector(".dmn-definitions").getBoundingClientRect();
  const top = over.bottom - document.querySelector("[data-desk-canvas]").getBoundingClientRect().top + CLEAR;
  canvas.viewbox({ x: inner.x - TOOLS, y: inner.y - top, width: outer.width, height: outer.height });
}

// The library leaves the heading of the rules' numbers empty, whenever it draws a table anew, and its menu in English.
function name() {
  const menu = page.querySelector(`[role="menu"][aria-label="${MENU}"]`);
  if (menu && said(MENU) !== MENU) menu.setAttribute("aria-label", said(MENU));
  for (const heading of page.querySelectorAll("th.index-column:empty")) heading.textContent = page.dataset.textNumber;
}

// Each view has an editor of its own, with changes of its own.
function watch() {
  const viewer = modeler.getActiveViewer();
  if (!viewer || watched.has(viewer)) return;
  watched.add(viewer);
  viewer.get("eventBus").on("commandStack.changed", () => desk.changed());
}

async function content() {
  await new Promise((resolve) => setTimeout(resolve, TYPED));
  const shown = putRemarksBack();
  const { xml } = await modeler.saveXML({ format: true });
  for (const [rule, text] of shown) rule.description = text;
  source.value = xml;
  return xml;
}

// The library shows a rule's description as its remark. The standard keeps remarks in annotations: they are shown as the
// description while one edits, and written where they were. A rule that had none keeps its description, as modelers write it.
function showRemarks() {
  const logics = (modeler.getDefinitions().drgElement ?? []).map((one) => one.decisionLogic ?? one.encapsulatedLogic?.body);
  for (const rule of logics.flatMap((logic) => logic?.rule ?? [])) {
    const said = (rule.annotationEntry ?? []).map((one) => one.text).filter(Boolean).join("\n");
    if (!said || rule.description) continue;
    rule.description = said;
    remarks.set(rule, said);
  }
}

function putRemarksBack() {
  const shown = [...remarks.keys()].map((rule) => [rule, rule.description]);
  for (const [rule, text] of shown) {
    if (text !== remarks.get(rule)) {
      rule.annotationEntry = text ? [rule.$model.create("dmn:RuleAnnotation", { text })] : [];
      remarks.set(rule, text);
    }
    delete rule.description;
  }
  return shown;
}

// One button a view: the picture of what requires what, and each table.
function tabs() {
  const place = page.querySelector("[data-desk-views]");
  const active = modeler.getActiveView();
  const made = modeler.getViews().map((view) => {
    const tab = button(view.type === "drd" ? place.dataset.textWhole : view.element.name || view.id, () => to(view));
    tab.className = "govuk-button govuk-button--secondary";
    tab.setAttribute("aria-pressed", String(view === active || view.id === active?.id));
    return tab;
  });
  place.replaceChildren(...made);
}

function tools() {
  const acts = { undo: "canUndo", redo: "canRedo" };
  page.querySelector("[data-desk-tools]").addEventListener("click", ({ target }) => {
    const act = target.closest("[data-act]")?.dataset.act;
    const stack = act && modeler.getActiveViewer()?.get("commandStack", false);
    if (stack?.[acts[act]]()) stack[act]();
  });
}

function show(complaints) {
  list(page, complaints, (complaint) => {
    const [decision, rule] = complaint.where.split("/");
    const view = modeler.getViews().find((one) => one.id === decision || one.element.id === decision);
    const name = view?.element.name || complaint.where || page.dataset.textWhole;
    return view ? button(name, () => go(view, rule)) : plain(name);
  });
}

async function go(view, rule) {
  await to(view);
  const row = page.querySelector(rule ? `[data-row-id="${CSS.escape(rule)}"]` : "[data-desk-canvas]");
  row?.scrollIntoView({ block: "center" });
}
