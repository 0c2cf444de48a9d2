// What BPMN itself says of an element and the library's panel has no field for: loops, conditions to go on, who is first.

import { is } from "bpmn-js/lib/util/ModelUtil";
import { expression, plainAttribute } from "./_entries.js";

const WHEN = [["true", "Before each time"], ["false", "After each time"]];
const ORDERS = [["Parallel", "In any order, several at once"], ["Sequential", "One after the other"]];
const STARTS = [["true", "Starts a case"]];

export function standard(element, thing, runs) {
  const loop = thing.loopCharacteristics;
  return [
    ...(loop && is(loop, "bpmn:StandardLoopCharacteristics") ? ofLoop(element, loop) : []),
    ...(is(thing, "bpmn:ComplexGateway")
      ? [expression("activation", "Condition to go on", element, thing, "activationCondition")] : []),
    ...(is(thing, "bpmn:AdHocSubProcess") ? [plainAttribute("ordering", "Order", element, thing, "ordering", ORDERS)] : []),
    ...(mayStart(thing) && runs.includes("instantiating eventBasedGateway")
      ? [plainAttribute("instantiate", "Start of the process", element, thing, "instantiate", STARTS)] : []),
  ];
}

function ofLoop(element, loop) {
  return [
    expression("loop", "Repeat while", element, loop, "loopCondition"),
    plainAttribute("testBefore", "The condition is asked", element, loop, "testBefore", WHEN),
    plainAttribute("loopMaximum", "At most so many times", element, loop, "loopMaximum"),
  ];
}

function mayStart(thing) {
  return (is(thing, "bpmn:EventBasedGateway") || is(thing, "bpmn:ReceiveTask")) && !thing.incoming?.length;
}
