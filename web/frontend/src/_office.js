// What an office wants to say of an element, first in the panel: its English name, form, role, service, phase, clock.
// Lists of what exists come from the page; what this engine does not read is taken out of the panel.

import { Group, SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useService } from "bpmn-js-properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";

const AFTER_OTHERS = 400;
const HIDDEN = new Set([
  "Zeebe__ExecutionListeners", "Zeebe__TaskListeners", "activeElements", "adHocSubProcessImplementation", "businessRuleImplementation",
  "calledDecision", "calledElement", "form", "headers", "scriptImplementation", "taskDefinition", "userTaskImplementation",
]);
const HIDDEN_ENTRIES = new Set([
  "assignmentDefinitionCandidateGroups", "assignmentDefinitionCandidateUsers", "isExecutable", "priorityDefinitionPriority",
  "taskScheduleFollowUpDate", "versionTag",
]);

export default function office(known) {
  class Office {
    constructor(propertiesPanel, injector) {
      this.injector = injector;
      propertiesPanel.registerProvider(AFTER_OTHERS, this);
    }

    getGroups(element) {
      return (groups) => {
        const kept = groups.filter(({ id }) => !HIDDEN.has(id)).map(trimmed).filter(worthShowing);
        const entries = fields(element, known);
        if (!entries.length) return kept;
        const label = this.injector.get("translate")("In the office");
        const ours = { id: "office", label, component: Group, entries, shouldOpen: true };
        return [...kept.slice(0, 1), ours, ...kept.slice(1)];
      };
    }
  }
  Office.$inject = ["propertiesPanel", "injector"];
  return { __init__: ["office"], office: ["type", Office] };
}

function trimmed(group) {
  return group.entries ? { ...group, entries: group.entries.filter(({ id }) => !HIDDEN_ENTRIES.has(id)) } : group;
}

function worthShowing(group) {
  return !group.entries || group.entries.length > 0;
}

function fields(element, known) {
  const process = processOf(element);
  const thing = process ?? element.businessObject;
  if (!is(thing, "bpmn:FlowElement") && !is(thing, "bpmn:Lane") && !process) return [];
  return [
    property("name_en", "Name in English", element, process ? [process, element.businessObject] : [thing]),
    ...(process ? ofProcess(element, process) : []),
    ...(is(thing, "bpmn:UserTask") ? ofPeople(element, thing, known) : []),
    ...(startsByHand(thing) ? [attribute("form", "Start form", element, thing, "zeebe:FormDefinition", "formId", known.forms)] : []),
    ...(is(thing, "bpmn:ServiceTask")
      ? [attribute("service", "Service", element, thing, "zeebe:TaskDefinition", "type", known.services)] : []),
    ...(is(thing, "bpmn:CallActivity")
      ? [attribute("called", "Process that it calls", element, thing, "zeebe:CalledElement", "processId", known.processes)] : []),
    ...(isTimer(thing) ? [property("clock", "Legal period", element, [thing], known.clocks)] : []),
    ...(is(thing, "bpmn:FlowNode") ? [property("phase", "Phase", element, [thing], phases(thing))] : []),
  ];
}

function ofPeople(element, task, known) {
  return [
    attribute("form", "Form", element, task, "zeebe:FormDefinition", "formId", known.forms),
    attribute("role", "Role (empty: that of the lane)", element, task, "zeebe:AssignmentDefinition", "candidateGroups", known.roles),
    property("not_by", "Not by whoever did (ids of tasks)", element, [task]),
  ];
}

function ofProcess(element, process) {
  return [
    property("series", "Letters of the case numbers", element, [process]),
    property("start_roles", "Roles that may start it (ids)", element, [process]),
    property("phases", "Phases (id|Español|English, …)", element, [process]),
  ];
}

function processOf(element) {
  const thing = element.businessObject;
  return is(thing, "bpmn:Process") ? thing : is(thing, "bpmn:Participant") ? thing.processRef : undefined;
}

function startsByHand(thing) {
  return is(thing, "bpmn:StartEvent") && is(thing.$parent, "bpmn:Process") && !thing.eventDefinitions?.length;
}

function isTimer(thing) {
  return thing.eventDefinitions?.some((one) => is(one, "bpmn:TimerEventDefinition"));
}

function phases(thing) {
  let process = thing;
  while (process && !is(process, "bpmn:Process")) process = process.$parent;
  const written = process ? readProperty(process, "phases") : "";
  return written.split(",").filter(Boolean).map((phase) => [phase.split("|")[0].trim(), phase.split("|")[1] ?? phase]);
}

// An entry over a zeebe:property of that name, of one thing or of several that say the same.
function property(name, label, element, things, options) {
  const get = () => readProperty(things[0], name);
  const set = (value, services) => things.forEach((thing) => writeProperty(services, element, thing, name, value));
  return entry(`office-${name}`, label, element, get, set, options);
}

// An entry over an attribute of an extension element of that type.
function attribute(id, label, element, thing, type, name, options) {
  const get = () => extension(thing, type)?.get(name) ?? "";
  const set = (value, { bpmnFactory, modeling }) => {
    const others = { ...extension(thing, type)?.$attrs, ...own(extension(thing, type)), [name]: value || undefined };
    const made = Object.values(others).some(Boolean) ? [bpmnFactory.create(type, others)] : [];
    rewrite(bpmnFactory, modeling, element, thing, type, made);
  };
  return entry(`office-${id}`, label, element, get, set, options);
}

function own(old) {
  return old ? Object.fromEntries(old.$descriptor.properties.map(({ ns }) => [ns.localName, old.get(ns.localName)])) : {};
}

function entry(id, label, element, get, set, options) {
  const isEdited = options ? isSelectEntryEdited : isTextFieldEntryEdited;
  return { id, label, element, get, set, options, component: options ? Choice : Text, isEdited };
}

function Text({ element, id, label, get, set }) {
  const [translate, debounce, services] = useServices();
  const setValue = (value) => set(value ?? "", services);
  return jsx(TextFieldEntry, { element, id, label: translate(label), getValue: get, setValue, debounce });
}

function Choice({ element, id, label, get, set, options }) {
  const [translate, , services] = useServices();
  const current = get();
  const listed = options.some(([value]) => value === current) || !current ? options : [[current, current], ...options];
  const getOptions = () => [{ value: "", label: "—" }, ...listed.map(([value, text]) => ({ value, label: text }))];
  const setValue = (value) => set(value, services);
  return jsx(SelectEntry, { element, id, label: translate(label), getValue: get, setValue, getOptions });
}

function useServices() {
  const services = { bpmnFactory: useService("bpmnFactory"), modeling: useService("modeling") };
  return [useService("translate"), useService("debounceInput"), services];
}

function extension(thing, type) {
  return thing.extensionElements?.get("values").find((value) => is(value, type));
}

function readProperty(thing, name) {
  return extension(thing, "zeebe:Properties")?.get("properties").find((one) => one.name === name)?.value ?? "";
}

function writeProperty({ bpmnFactory, modeling }, element, thing, name, value) {
  const old = extension(thing, "zeebe:Properties")?.get("properties") ?? [];
  const place = old.findIndex((one) => one.name === name);
  const properties = old.map((one) => bpmnFactory.create("zeebe:Property", { name: one.name, value: one.value }));
  const made = value ? [bpmnFactory.create("zeebe:Property", { name, value })] : [];
  properties.splice(place < 0 ? properties.length : place, place < 0 ? 0 : 1, ...made);
  const whole = bpmnFactory.create("zeebe:Properties", { properties });
  for (const one of properties) one.$parent = whole;
  rewrite(bpmnFactory, modeling, element, thing, "zeebe:Properties", properties.length ? [whole] : []);
}

// The extension elements are made anew as a whole, so that one step back undoes one change.
function rewrite(bpmnFactory, modeling, element, thing, type, made) {
  const kept = thing.extensionElements?.get("values").filter((value) => !is(value, type)) ?? [];
  const values = [...kept, ...made];
  const extensionElements = values.length ? bpmnFactory.create("bpmn:ExtensionElements", { values }) : undefined;
  for (const value of values) value.$parent = extensionElements;
  if (extensionElements) extensionElements.$parent = thing;
  modeling.updateModdleProperties(element, thing, { extensionElements });
}
