// What an office wants to say of an element, first in the panel: its English name, form, role, service, phase, clock.
// Lists of what exists come from the page; what this engine does not read is taken out of the panel.

import { Group } from "@bpmn-io/properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { attribute, property, readProperty } from "./_entries.js";
import { standard } from "./_standard.js";

const AFTER_OTHERS = 400;
const HIDDEN = new Set([
  "Zeebe__ExecutionListeners", "Zeebe__TaskListeners", "activeElements", "adHocSubProcessImplementation", "businessRuleImplementation",
  "calledDecision", "calledElement", "form", "headers", "scriptImplementation", "taskDefinition", "userTaskImplementation",
]);
const HIDDEN_ENTRIES = new Set([
  "assignmentDefinitionCandidateGroups", "assignmentDefinitionCandidateUsers", "isStartableInTasklist",
  "jobPriority", "priorityDefinitionPriority", "taskScheduleFollowUpDate", "variableEvents", "variableNames", "versionTag",
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
    ...(is(thing, "bpmn:BusinessRuleTask") ? ofDecisions(element, thing, known) : []),
    ...standard(element, thing, known.runs),
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

function ofDecisions(element, task, known) {
  return [
    attribute("decision", "Decision", element, task, "zeebe:CalledDecision", "decisionId", known.decisions.length ? known.decisions : undefined),
    attribute("result", "Result variable", element, task, "zeebe:CalledDecision", "resultVariable"),
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
