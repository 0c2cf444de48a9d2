// What bpmn.io's code does with styles, done in ways that the pages' content security policy (no inline styles) allows.
// Imported before anything of bpmn.io draws.

import alignIcons from "bpmn-js/lib/features/align-elements/AlignElementsIcons";
import distributeIcons from "bpmn-js/lib/features/distribute-elements/DistributeElementsIcons";
import { StyleModule } from "style-mod";

// CodeMirror puts its style into <style> elements; a constructed sheet says the same and is no inline style.
const sheet = new CSSStyleSheet();
const mounted = new Set();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

StyleModule.mount = (_root, modules) => {
  const before = mounted.size;
  for (const module of [modules].flat()) mounted.add(module);
  if (mounted.size > before) sheet.replaceSync([...mounted].map((module) => module.getRules()).join("\n"));
};

// The icons of the menu that aligns elements carry style="…"; as attributes of their own the same values are allowed.
for (const icons of [alignIcons, distributeIcons]) {
  for (const [name, svg] of Object.entries(icons)) icons[name] = svg.replace(/ style="([^"]*)"/g, (_whole, style) => attributes(style));
}

function attributes(style) {
  const pairs = style.split(";").filter(Boolean).map((pair) => pair.split(":"));
  return pairs.map(([name, value]) => ` ${name.trim()}="${value.trim()}"`).join("");
}
