// Hides what hangs on several answers, or on more than a choice: the server tells what is asked while somebody types.
// Without this, or without the network, all is shown; the server decides again when the form is sent.

const REST = 400; // milliseconds of quiet after a change

export function decided(root) {
  for (const form of root.querySelectorAll("form[data-decides]")) {
    const parts = form.querySelectorAll("[data-decided]");
    if (parts.length) watch(form, parts);
  }
}

function watch(form, parts) {
  let timer = 0;
  let asked = 0;

  const ask = async () => {
    const turn = (asked += 1);
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    const hidden = await told(form.dataset.decides, fields);
    if (turn === asked) for (const part of parts) part.hidden = hidden.includes(part.dataset.decided);
  };

  for (const part of parts) part.hidden = "away" in part.dataset;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
}

async function told(address, fields) {
  try {
    const answer = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).hidden : [];
  } catch {
    return [];
  }
}
