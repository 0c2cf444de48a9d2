// min-dom for the editor of tables: what it makes from text gets its styles one by one, as the pages' policy allows.

import { domify as made } from "min-dom";

export * from "min-dom";

export function domify(html, doc) {
  const element = made(html.replaceAll(' style="', ' data-style="'), doc);
  for (const one of [element, ...(element.querySelectorAll?.("[data-style]") ?? [])]) {
    if (one.dataset?.style === undefined) continue;
    one.style.cssText = one.dataset.style;
    delete one.dataset.style;
  }
  return element;
}
