// Saving a draft and asking what the checks say, the same for the canvas and for text. Nothing typed is ever lost: what could
// not be saved stays on the page, and the page says why and what to do.

const CHECK = 1_200; // milliseconds after the last change
const SAVE = 20_000;

export class Desk {
  constructor(page, { content, show }) {
    this.page = page;
    this.content = content; // () => a promise of the text to save
    this.show = show; // (complaints) => shows them
    this.form = page.querySelector("[data-desk-form]");
    this.status = page.querySelector("[data-desk-status]");
    this.unsaved = false;
    this.saving = Promise.resolve();
    this.wire();
  }

  wire() {
    const { page } = this;
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    addEventListener("beforeunload", (event) => this.unsaved && event.preventDefault());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    const submit = page.querySelector("[data-desk-submit]");
    submit.addEventListener("submit", (event) => this.unsaved && this.saveFirst(event, submit));
    page.querySelector("[data-desk-overwrite]").addEventListener("click", () => this.overwrite());
  }

  changed() {
    this.unsaved = true;
    this.say(this.page.dataset.textUnsaved, "busy");
    clearTimeout(this.checking);
    clearTimeout(this.waiting);
    this.checking = setTimeout(() => this.check(), CHECK);
    this.waiting = setTimeout(() => this.save(), SAVE);
  }

  // One save after the other: two at once would each carry the other's old revision.
  save() {
    clearTimeout(this.checking);
    clearTimeout(this.waiting);
    this.saving = this.saving.then(() => this.saveNow());
    return this.saving;
  }

  async saveNow() {
    const content = await this.content();
    this.unsaved = false;
    const [status, said] = await this.post(this.form.action, content);
    if (status === 200) {
      this.form.elements.revision.value = said.revision;
      this.show(said.complaints);
      if (!this.unsaved) this.say(said.saved, "fine");
      return;
    }
    this.unsaved = true;
    this.say(`${this.page.dataset.textFailed} ${said.message}`, "trouble");
    if (said.revision) this.offer(said.revision);
  }

  async check() {
    const content = await this.content();
    const [status, said] = await this.post(this.page.dataset.check, content);
    if (status === 200) this.show(said.complaints);
  }

  // The status and what was said; whatever went wrong on the way is said too, in words.
  async post(address, content) {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("content", content);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      const json = answer.headers.get("Content-Type")?.startsWith("application/json");
      return json ? [answer.status, await answer.json()] : [0, { message: this.page.dataset.textLoggedOut }];
    } catch {
      return [0, { message: this.page.dataset.textOffline }];
    }
  }

  // Somebody (or the same person, in another window) saved meanwhile: the reader decides which of the two stays.
  offer(revision) {
    this.newest = revision;
    this.page.querySelector("[data-desk-conflict]").hidden = false;
  }

  overwrite() {
    this.form.elements.revision.value = this.newest;
    this.page.querySelector("[data-desk-conflict]").hidden = true;
    this.save();
  }

  async saveFirst(event, submit) {
    event.preventDefault();
    await this.save();
    if (!this.unsaved) submit.submit();
  }

  say(text, how) {
    this.status.textContent = text;
    this.status.className = `desk__status desk__status--${how}`;
  }
}

// The list of complaints; `place` makes the name of the place, or a button that leads there.
export function list(page, complaints, place) {
  page.querySelector("[data-desk-none]").hidden = complaints.length > 0;
  page.querySelector("[data-desk-complaints]").replaceChildren(...complaints.map((one) => item(page, one, place)));
}

function item(page, complaint, place) {
  const line = document.createElement("li");
  line.className = `complaint complaint--${complaint.severity}`;
  const sign = document.createElement("b");
  sign.className = "complaint__sign";
  const signs = { error: page.dataset.textError, warning: page.dataset.textWarning, note: page.dataset.textNote };
  sign.textContent = signs[complaint.severity];
  line.append(sign, " ", place(complaint), ` ${complaint.message}`);
  return line;
}

export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "complaint__place";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export function plain(text) {
  const made = document.createElement("strong");
  made.textContent = text;
  return made;
}
