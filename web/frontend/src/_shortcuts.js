// Keys for those who work here all day: / searches, j and k walk a list, ? shows them. They can be turned off (WCAG 2.1.4),
// and never act while somebody types.

const OFF = "marchamo.shortcuts";
const TYPING = "input, textarea, select, [contenteditable], dialog[open], .djs-container";

export function shortcuts(root) {
  const list = root.querySelector("[data-keys-list]");
  const opener = root.querySelector("[data-keys]");
  const off = root.querySelector("[data-keys-off]");
  if (!list || !opener || !off) return;
  opener.hidden = false;
  opener.addEventListener("click", () => list.showModal());
  off.checked = localStorage.getItem(OFF) === "off";
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "off" : "on"));
  root.addEventListener("keydown", (event) => {
    if (off.checked || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const act = { "/": search, "?": () => list.showModal(), j: () => walk(root, 1), k: () => walk(root, -1) }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  function search() {
    root.querySelector("[data-search]")?.focus();
  }
}

function walk(root, step) {
  const rows = [...root.querySelectorAll("[data-rows] tbody tr")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("is-chosen"));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  for (const row of rows) row.classList.toggle("is-chosen", row === next);
  next.querySelector("a")?.focus();
}
