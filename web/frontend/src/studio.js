// The canvas of the studio: draws a process, saves the draft, shows what the checks say at the elements they speak of.
//
// The page gives it everything by data- attributes; without this script the page's text field does the same work.

import BpmnModeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import ZeebeBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import spanish from "bpmn-js-i18n/translations/es";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";

const AUTOSAVE = 20_000; // milliseconds after the last change

const page = document.querySelector("[data-studio]");
const source = page.querySelector("[data-studio-source]"); // the text field that a browser without scripts edits
const status = page.querySelector("[data-studio-status]");
const list = page.querySelector("[data-studio-complaints]");
const editable = page.dataset.studioEditable === "true";

const translate = {
  translate: [
    "value",
    (text, places = {}) => {
      const said = document.documentElement.lang === "es" ? (spanish[text] ?? text) : text;
      return said.replace(/{([^}]+)}/g, (_whole, name) => places[name] ?? `{${name}}`);
    },
  ],
};

const modeler = new BpmnModeler({
  container: page.querySelector("[data-studio-canvas]"),
  propertiesPanel: { parent: page.querySelector("[data-studio-properties]") },
  additionalModules: [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    ZeebePropertiesProviderModule,
    ZeebeBehaviorsModule,
    translate,
  ],
  moddleExtensions: { zeebe },
});

let unsaved = false;
let timer;
let saving = Promise.resolve();

function say(text, trouble = false) {
  status.textContent = text;
  status.classList.toggle("trouble", trouble);
}

function changed() {
  unsaved = true;
  say(page.dataset.textUnsaved);
  clearTimeout(timer);
  timer = setTimeout(save, AUTOSAVE);
}

// One save after the other: two at once would each carry the other's old revision.
function save() {
  clearTimeout(timer);
  saving = saving.then(saveNow);
  return saving;
}

async function saveNow() {
  const { xml } = await modeler.saveXML({ format: true });
  source.value = xml;
  unsaved = false;
  const form = new FormData(source.form);
  try {
    const answer = await fetch(source.form.action, {
      method: "POST",
      body: new URLSearchParams(form),
      headers: { Accept: "application/json" },
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.message);
    source.form.elements.revision.value = said.revision;
    say(said.saved);
    show(said.complaints);
  } catch (error) {
    unsaved = true;
    say(`${page.dataset.textFailed} ${error.message}`, true);
  }
}

function show(complaints) {
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");
  overlays.remove({ type: "complaint" });
  list.replaceChildren(...complaints.map((complaint) => line(complaint, registry)));
  page.querySelector("[data-studio-none]").hidden = complaints.length > 0;
  for (const where of new Set(complaints.map((complaint) => complaint.where))) {
    const element = registry.get(where);
    if (element && element.parent) mark(overlays, element, complaints.filter((one) => one.where === where));
  }
}

function line(complaint, registry) {
  const item = document.createElement("li");
  item.className = `complaint complaint-${complaint.severity}`;
  const element = registry.get(complaint.where);
  const place = document.createElement(element ? "button" : "strong");
  place.textContent = element?.businessObject.name || complaint.where;
  if (element) {
    place.type = "button";
    place.className = "complaint-place";
    place.addEventListener("click", () => go(element));
  }
  item.append(place, ` ${complaint.message}`);
  return item;
}

function mark(overlays, element, complaints) {
  const sign = document.createElement("div");
  const worst = complaints.some((one) => one.severity === "error") ? "error" : "warning";
  sign.className = `complaint-mark complaint-mark-${worst}`;
  sign.textContent = worst === "error" ? "!" : "?";
  sign.title = complaints.map((one) => one.message).join("\n");
  overlays.add(element, "complaint", { position: { top: -12, left: -12 }, html: sign });
}

function go(element) {
  modeler.get("canvas").scrollToElement(element);
  modeler.get("selection").select(element);
}

function wire() {
  modeler.get("eventBus").on("commandStack.changed", changed);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      save();
    }
  });
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  page.querySelector("[data-studio-save]").addEventListener("click", (event) => {
    event.preventDefault();
    save();
  });
  const submit = page.querySelector("[data-studio-submit]");
  submit.addEventListener("submit", async (event) => {
    if (!unsaved) return;
    event.preventDefault();
    await save();
    if (!unsaved) submit.submit();
  });
}

async function open() {
  page.classList.add("studio-live");
  try {
    await modeler.importXML(source.value);
  } catch (error) {
    // What the canvas cannot draw is edited as text: nothing of it is lost.
    page.classList.remove("studio-live");
    say(`${page.dataset.textBroken} ${error.message}`, true);
    return;
  }
  modeler.get("canvas").zoom("fit-viewport");
  show(JSON.parse(page.dataset.complaints));
  if (editable) wire();
}

open();
