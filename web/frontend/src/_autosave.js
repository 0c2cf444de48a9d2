// Keeps a draft of a form while somebody types: a few seconds after the last change, and when the page is left.
// Files are not sent this way; they go with the button.

const REST = 4000; // milliseconds of quiet after a change

export function autosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) watch(form);
}

function watch(form) {
  const said = form.querySelector("[data-autosave-said]");
  let timer = 0;
  let changed = false;

  const save = async () => {
    if (!changed) return;
    changed = false;
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
        keepalive: true,
      });
      if (answer.ok) said.textContent = (await answer.json()).saved;
      else changed = true;
    } catch {
      changed = true; // the network is away: the next change tries again
    }
  };

  const note = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  };

  form.addEventListener("input", note);
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(timer);
  });
  addEventListener("pagehide", save);
  if ([...form.elements].some(edited)) note(); // typed before this ran, or brought back by the browser
}

function edited({ type, value, defaultValue, checked, defaultChecked }) {
  if (type === "checkbox" || type === "radio") return checked !== defaultChecked;
  return defaultValue !== undefined && type !== "hidden" && type !== "file" && value !== defaultValue;
}
