// Ids stand in the history and in addresses, so they are words: an element that is named for the first time gets its id
// from its name. One that had a name keeps its id: the file came from elsewhere, or cases stand at it.

import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";

const MADE_UP = /^(Activity|Event|Gateway|Lane|Participant)_[0-9a-z]{7}$/;
const LONGEST = 40;

class Ids extends CommandInterceptor {
  constructor(eventBus, modeling, elementRegistry) {
    super(eventBus);
    this.postExecuted(["element.updateLabel", "element.updateProperties"], ({ context }) => {
      if (context.oldLabel || context.oldProperties?.name) return;
      const { businessObject } = context.element;
      const word = businessObject.name && MADE_UP.test(businessObject.id) && slug(businessObject.name);
      if (word) modeling.updateProperties(context.element.labelTarget ?? context.element, { id: free(word, elementRegistry) });
    });
  }
}

Ids.$inject = ["eventBus", "modeling", "elementRegistry"];

function slug(name) {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+/, "").slice(0, LONGEST).replace(/_+$/, "");
}

function free(word, registry) {
  let id = word;
  for (let number = 2; registry.get(id); number += 1) id = `${word}_${number}`;
  return id;
}

export default { __init__: ["ids_of_names"], ids_of_names: ["type", Ids] };
