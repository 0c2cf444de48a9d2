// Entries of the properties panel: over a zeebe:property, an extension element's attribute, an attribute of BPMN, an expression.

import { SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useService } from "bpmn-js-properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";

// An entry over a zeebe:property of that name, of one thing or of several that say the same.
export function property(name, label, element, things, options) {
  const get = () => readProperty(things[0], name);
  const set = (value, services) => things.forEach((thing) => writeProperty(services, element, thing, name, value));
  return entry(`office-${name}`, label, element, get, set, options);
}

// An entry over an attribute of an extension element of that type.
export function attribute(id, label, element, thing, type, name, options) {
  const get = () => extension(thing, type)?.get(name) ?? "";
  const set = (value, { bpmnFactory, modeling }) => {
    const others = { ...extension(thing, type)?.$attrs, ...own(extension(thing, type)), [name]: value || undefined };
    const made = Object.values(others).some(Boolean) ? [bpmnFactory.create(type, others)] : [];
    rewrite(bpmnFactory, modeling, element, thing, type, made);
  };
  return entry(`office-${id}`, label, element, get, set, options);
}

// An entry over an attribute that BPMN itself has, of the element or of its loop; `options` are values and their words.
export function plainAttribute(id, label, element, thing, name, options) {
  const get = () => (thing.get(name) === undefined ? "" : String(thing.get(name)));
  const typed = (value) => (value === "" ? undefined : ["true", "false"].includes(value) ? value === "true" : value);
  const set = (value, { modeling }) => modeling.updateModdleProperties(element, thing, { [name]: typed(value) });
  return entry(`office-${id}`, label, element, get, set, options);
}

// An entry over an expression that BPMN itself has.
export function expression(id, label, element, thing, name) {
  const get = () => thing.get(name)?.get("body") ?? "";
  const set = (value, { bpmnFactory, modeling }) => {
    const made = value ? bpmnFactory.create("bpmn:FormalExpression", { body: value }) : undefined;
    if (made) made.$parent = thing;
    modeling.updateModdleProperties(element, thing, { [name]: made });
  };
  return entry(`office-${id}`, label, element, get, set);
}

function own(old) {
  return old ? Object.fromEntries(old.$descriptor.properties.map(({ ns }) => [ns.localName, old.get(ns.localName)])) : {};
}

export function entry(id, label, element, get, set, options) {
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
  const getOptions = () => [{ value: "", label: "—" }, ...listed.map(([value, text]) => ({ value, label: translate(text) }))];
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

export function readProperty(thing, name) {
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
