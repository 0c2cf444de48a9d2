// What every page loads: GOV.UK's behaviour, htmx for lists that change in place, and our own small pieces. All of it is extra:
// the pages work without.

import { Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll } from "govuk-frontend";
import "htmx.org/dist/htmx.esm.js";
import { autosave } from "./_autosave.js";
import { conditions } from "./_conditions.js";
import { decided } from "./_decided.js";
import { shortcuts } from "./_shortcuts.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) createAll(component);
autosave(document);
conditions(document);
decided(document);
shortcuts(document);
