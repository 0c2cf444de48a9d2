// The studio for what is text (forms, letters, criteria, programmes): saves, checks while one writes, leads to the line.

import { Desk, button, list, plain } from "./_desk.js";

const NUMBERED = /^(?:line )?(\d+)(?:, |$)/;

const page = document.querySelector("[data-desk]");
const source = page.querySelector("[data-desk-source]");
const desk = new Desk(page, { content: async () => source.value, show });

source.addEventListener("input", () => desk.changed());
show(JSON.parse(page.dataset.complaints));
// What was typed before this ran (a slow line, a page that the browser brought back) is work like any other.
if (source.value !== source.defaultValue) desk.changed();

function show(complaints) {
  list(page, complaints, (complaint) => {
    const line = found(complaint.where);
    const text = complaint.where.replace(NUMBERED, "") || (line < 0 ? page.dataset.textWhole : "");
    return line < 0 ? plain(text) : button(`${page.dataset.textLine} ${line + 1} ${text}`.trim(), () => go(line));
  });
}

// The line of a complaint: its number, or the line on which the key stands.
function found(where) {
  const lines = source.value.split("\n");
  const number = NUMBERED.exec(where);
  if (number) return Number(number[1]) <= lines.length ? Number(number[1]) - 1 : -1;
  const last = where.split(/[./]/).findLast((part) => part && !/^\d+$/.test(part));
  return last ? lines.findIndex((line) => line.includes(`"${last}"`) || line.trimStart().startsWith(`${last} =`)) : -1;
}

function go(line) {
  const before = source.value.split("\n").slice(0, line);
  const start = before.reduce((length, text) => length + text.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + source.value.split("\n")[line].length);
  source.scrollTop = Math.max(0, (source.scrollHeight / source.value.split("\n").length) * (line - 4));
}
