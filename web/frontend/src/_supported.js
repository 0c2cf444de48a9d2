// Keeps palette, context pad and menus to what this engine runs: what publication would refuse is not offered. What runs
// comes from the page, which asks the checks; here stands only how the library's entries are called there.

import * as replaceOptions from "bpmn-js/lib/features/replace/ReplaceOptions";
import { is } from "bpmn-js/lib/util/ModelUtil";

const AFTER_OTHERS = 400; // a provider of a lower priority sees, and may change, what the others offered
const HIDDEN = ["create.data-store", "create.group", "create.task"];
const LAST = ["replace-with-task", "replace-with-manual-task"]; // nobody is asked there: seldom what an office means
const TARGETS = new Map(
  Object.values(replaceOptions).filter(Array.isArray).flat().map(({ actionName, target }) => [actionName, target]),
);
const MARKERS = {
  "toggle-parallel-mi": "loop multiInstance",
  "toggle-sequential-mi": "loop multiInstance",
  "toggle-loop": "loop standard",
  "append.compensation-activity": "compensation",
  "create.data-object": "data",
};
const TASKS = {
  "user-task": ["bpmn:UserTask", "Create user task"],
  "service-task": ["bpmn:ServiceTask", "Create service task"],
  "business-rule-task": ["bpmn:BusinessRuleTask", "Create business rule task"],
  "call-activity": ["bpmn:CallActivity", "Create call activity"],
};

class Supported {
  constructor(palette, contextPad, popupMenu, injector, runs) {
    this.injector = injector;
    this.runs = new Set(runs);
    palette.registerProvider(AFTER_OTHERS, this);
    contextPad.registerProvider(AFTER_OTHERS, this);
    popupMenu.registerProvider("bpmn-replace", AFTER_OTHERS, this);
  }

  getPaletteEntries() {
    return (entries) => ({ ...without(entries, (id) => HIDDEN.includes(id) || !this.marks(id)), ...this.tasks() });
  }

  // A plain task would not say who does it, so the palette offers the kinds that do something.
  tasks() {
    const { translate, elementFactory, create } = this.parts("translate", "elementFactory", "create");
    const entry = ([id, [type, title]]) => {
      const begin = (event) => create.start(event, elementFactory.createShape({ type }));
      const className = `bpmn-icon-${id}`;
      return [`create.${id}`, { group: "activity", className, title: translate(title), action: { dragstart: begin, click: begin } }];
    };
    return Object.fromEntries(Object.entries(TASKS).filter(([, [type]]) => this.runs.has(kind(type))).map(entry));
  }

  getContextPadEntries() {
    return (entries) => {
      const kept = without(entries, (id) => !this.marks(id));
      const ours = { "append.append-task": this.appended(), replace: { ...kept.replace, action: { click: this.changed() } } };
      return { ...kept, ...Object.fromEntries(Object.entries(ours).filter(([id]) => id in kept)) };
    };
  }

  appended() {
    const { translate, elementFactory, create, autoPlace } = this.parts("translate", "elementFactory", "create", "autoPlace");
    const shape = () => elementFactory.createShape({ type: "bpmn:UserTask" });
    return {
      group: "model",
      className: "bpmn-icon-user-task",
      title: translate("Append user task"),
      action: {
        dragstart: (event, element) => create.start(event, shape(), { source: element }),
        click: (_event, element) => autoPlace.append(element, shape()),
      },
    };
  }

  // As the library does it, without the call that it warns of itself.
  changed() {
    const { translate, popupMenu } = this.parts("translate", "popupMenu");
    return ({ clientX, clientY }, element) => {
      const position = { x: clientX, y: clientY + 20, cursor: { x: clientX, y: clientY } };
      popupMenu.open(element, "bpmn-replace", position, { title: translate("Change element"), width: 300, search: true });
    };
  }

  getPopupMenuEntries(element) {
    return (entries) => {
      const kept = without(entries, (id) => TARGETS.get(id) && !this.becomes(TARGETS.get(id), element));
      return { ...without(kept, (id) => LAST.includes(id)), ...without(kept, (id) => !LAST.includes(id)) };
    };
  }

  getPopupMenuHeaderEntries() {
    return (entries) => without(entries, (id) => !this.marks(id));
  }

  marks(id) {
    return !(id in MARKERS) || this.runs.has(MARKERS[id]);
  }

  // Whether the element would run as what the menu offers; the names are those of `offers` in the engine.
  becomes(target, element) {
    if (target.type === "bpmn:Participant") return true;
    if (target.triggeredByEvent) return this.runs.has("eventSubProcess");
    const definition = target.eventDefinitionType ? ` ${kind(target.eventDefinitionType).replace("EventDefinition", "")}` : "";
    const place = target.type === "bpmn:StartEvent" ? within(element.parent) : "";
    const quiet = target.cancelActivity === false || target.isInterrupting === false ? " not interrupting" : "";
    return this.runs.has(`${kind(target.type)}${definition}${place}${quiet}`);
  }

  parts(...names) {
    return Object.fromEntries(names.map((name) => [name, this.injector.get(name)]));
  }
}

function within(parent) {
  if (!parent || !is(parent, "bpmn:SubProcess")) return "";
  return parent.businessObject.triggeredByEvent ? " in eventSubProcess" : " in subProcess";
}

function kind(type) {
  const name = type.replace("bpmn:", "");
  return name[0].toLowerCase() + name.slice(1);
}

function without(entries, hidden) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !hidden(id)));
}

export default function supported(runs) {
  Supported.$inject = ["palette", "contextPad", "popupMenu", "injector", "runs"];
  return { __init__: ["supported"], supported: ["type", Supported], runs: ["value", runs] };
}
