// Hides a question until the answer that calls for it is given. The server decides again; without this, all is shown.

export function conditions(root) {
  for (const part of root.querySelectorAll("[data-shown-by]")) {
    const form = part.closest("form");
    const wanted = JSON.parse(part.dataset.shownValues);
    const settle = () => {
      part.hidden = !given(form, part.dataset.shownBy).some((value) => wanted.includes(value));
    };
    form.addEventListener("change", settle);
    settle();
  }
}

// The answers to a question as the form would send them; a box that is not ticked counts as a "false".
function given(form, name) {
  const values = new FormData(form).getAll(name).map(String);
  return values.length ? values : ["", "false"];
}
