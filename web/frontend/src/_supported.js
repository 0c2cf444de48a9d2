// Keeps palette, context pad and menus to what this engine runs: what publication would refuse is not offered.

const AFTER_OTHERS = 400; // a provider of a lower priority sees, and may change, what the others offered
const HIDDEN = ["create.data-object", "create.data-store", "create.group", "create.participant-expanded", "create.task"];
const NOT_RUN =
  /^replace-with-(task|manual-task|rule-task|complex-gateway|transaction|conditional-start|error-start|escalation-start|link-.*|cancel-.*|.*compensation.*|.*ad-hoc.*|.*instantiate.*|non-interrupting-conditional-start|non-interrupting-escalation-start)$|^toggle-(loop|adhoc)$/;
const ONLY_IN_EVENT_SUBPROCESSES = /^replace-with-(timer|signal)-start$/;

class Supported {
  constructor(palette, contextPad, popupMenu, injector) {
    this.injector = injector;
    palette.registerProvider(AFTER_OTHERS, this);
    contextPad.registerProvider(AFTER_OTHERS, this);
    popupMenu.registerProvider("bpmn-replace", AFTER_OTHERS, this);
  }

  getPaletteEntries() {
    return (entries) => ({ ...without(entries, (id) => HIDDEN.includes(id)), ...this.tasks() });
  }

  // A plain task would not say who does it, so the palette offers the kinds that run.
  tasks() {
    const { translate, elementFactory, create } = this.parts("translate", "elementFactory", "create");
    const one = (type, className, title) => {
      const begin = (event) => create.start(event, elementFactory.createShape({ type }));
      return { group: "activity", className, title: translate(title), action: { dragstart: begin, click: begin } };
    };
    return {
      "create.user-task": one("bpmn:UserTask", "bpmn-icon-user-task", "Create user task"),
      "create.service-task": one("bpmn:ServiceTask", "bpmn-icon-service-task", "Create service task"),
      "create.call-activity": one("bpmn:CallActivity", "bpmn-icon-call-activity", "Create call activity"),
    };
  }

  getContextPadEntries() {
    return (entries) => {
      const kept = without(entries, (id) => id === "append.compensation-activity");
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
    const inside = element.parent?.businessObject.triggeredByEvent;
    return (entries) => without(entries, (id) => NOT_RUN.test(id) || (!inside && ONLY_IN_EVENT_SUBPROCESSES.test(id)));
  }

  getPopupMenuHeaderEntries() {
    return (entries) => without(entries, (id) => NOT_RUN.test(id));
  }

  parts(...names) {
    return Object.fromEntries(names.map((name) => [name, this.injector.get(name)]));
  }
}

Supported.$inject = ["palette", "contextPad", "popupMenu", "injector"];

function without(entries, hidden) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !hidden(id)));
}

export default { __init__: ["supported"], supported: ["type", Supported] };
