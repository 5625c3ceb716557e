// A sheet of criteria that saves each answer as it is given and survives a lost line: what cannot be sent waits in the
// browser's storage, in order, and goes out when the line is back. Photos wait there too. Nothing else is kept, and what
// has been sent is removed at once.
import { bodyOf, drop, headersOf, keep, kept, post, trying } from "./waiting.js";

const PAUSE = 700; // after the last key stroke
const AGAIN = 15_000; // between two tries without a line
const timers = new Map();

const waitingOf = (form) => kept((entry) => entry.key === form.dataset.key);
const named = (form, name) => form.elements.namedItem(name);
// Where a criterion stands on the page; of a branch, the texts beside it.
const box = (form, id) =>
  form.querySelector(`[data-criterion="${CSS.escape(id)}"]`) ?? form.querySelector(`[data-criterion-notes="${CSS.escape(id)}"]`);

const answerOf = (form, id) => {
  const field = box(form, id);
  const asked = [...(field?.querySelectorAll("[data-ask]") ?? [])];
  if (asked.length) return Object.fromEntries(asked.map((input) => [input.dataset.ask, input.value]));
  const chosen = named(form, `a.${id}`);
  return chosen ? chosen.value : null;
};
const notesOf = (form, id) => {
  const texts = [...form.querySelectorAll(`[name^="n.${CSS.escape(id)}."]`)];
  return texts.length ? Object.fromEntries(texts.map((text) => [text.dataset.note, text.value])) : null;
};
const entryOf = (form, id) => ({
  id: `${form.dataset.key}/${id}`,
  key: form.dataset.key,
  kind: "answer",
  at: Date.now(),
  url: form.dataset.sheet,
  sent: {
    criterion: id,
    layer: form.dataset.layer,
    answer: answerOf(form, id),
    comment: named(form, `c.${id}`)?.value ?? null,
    reason: named(form, `r.${id}`)?.value ?? null,
    notes: notesOf(form, id),
    version: Number(named(form, `v.${id}`)?.value ?? 0),
  },
});

const say = (form, id, words, look = "") => {
  const line = box(form, id)?.querySelector("[data-state]");
  if (!line) return;
  line.textContent = words;
  line.className = `k-crit-state ${look}`;
};
const sum = async (form) => {
  const waiting = (await waitingOf(form)).length;
  const line = form.querySelector("[data-sheet-state]");
  line.textContent = waiting ? `${waiting} · ${form.dataset.waiting}` : "";
  line.classList.toggle("is-waiting", waiting > 0);
};
const counted = (form) => {
  const part = document.querySelector('.k-parts [aria-current="page"] [data-part]');
  if (!part) return;
  const all = form.querySelectorAll("[data-criterion]");
  part.textContent = `${[...all].filter((one) => one.classList.contains("is-answered")).length}/${all.length}`;
};

const accepted = (form, entry, reply) => {
  const id = entry.sent.criterion;
  const version = named(form, `v.${id}`);
  if (version && reply.version) version.value = reply.version;
  if (entry.kind === "answer") box(form, id)?.classList.toggle("is-answered", Boolean(entry.sent.answer));
  say(form, id, form.dataset.saved, "is-saved");
  counted(form);
};

// Somebody else answered meanwhile: both are shown, and a person decides.
const disputed = (form, entry, reply) => {
  const id = entry.sent.criterion;
  const place = box(form, id)?.querySelector("[data-conflict]");
  say(form, id, "", "");
  if (!place) return;
  place.hidden = false;
  const words = document.createElement("p");
  words.textContent = `${form.dataset.conflict}: ${reply.stands} (${reply.by})`;
  const button = (text, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn btn-sm", textContent: text });
    made.addEventListener("click", () => ((place.hidden = true), act()));
    return made;
  };
  place.replaceChildren(
    words,
    button(form.dataset.mine, () => {
      named(form, `v.${id}`).value = reply.version;
      save(form, id);
    }),
    button(form.dataset.theirs, () => location.reload()),
  );
};

// true: gone or refused, and no longer waiting; false: no line, so it waits on.
const send = async (form, entry) => {
  await trying(entry);
  const answer = await post(entry.url ?? form.dataset.sheet, bodyOf(entry), headersOf(entry));
  if (!answer) return false;
  await drop(entry); // unless something newer waits under the same name
  if (answer.ok) accepted(form, entry, answer.reply);
  else if (answer.status === 409) disputed(form, entry, answer.reply);
  else say(form, entry.sent.criterion, answer.reply.words ?? `${answer.status}`, "is-failed");
  return true;
};

const busy = new WeakMap();
const flush = async (form) => {
  if (busy.get(form)) return void busy.set(form, 2);
  busy.set(form, 1);
  try {
    for (const entry of await waitingOf(form)) {
      if (!(await send(form, entry))) {
        say(form, entry.sent.criterion, form.dataset.waiting, "is-waiting");
        break;
      }
    }
  } finally {
    const more = busy.get(form) === 2;
    busy.delete(form);
    await sum(form);
    if (more) flush(form);
  }
};

const save = async (form, id) => {
  say(form, id, form.dataset.saving);
  const entry = entryOf(form, id);
  box(form, id)?.classList.toggle("is-answered", Boolean(entry.sent.answer));
  await keep(entry);
  await flush(form);
};

// What waited from an earlier visit is put back on the page before it is sent.
const restore = async (form) => {
  for (const { kind, sent } of await waitingOf(form)) {
    const field = kind === "answer" && box(form, sent.criterion);
    if (!field) continue;
    if (sent.answer && typeof sent.answer === "object") {
      for (const input of field.querySelectorAll("[data-ask]")) input.value = sent.answer[input.dataset.ask] ?? "";
    } else if (sent.answer !== null) {
      const input = named(form, `a.${sent.criterion}`);
      if (input) input.value = sent.answer;
    }
    const texts = { [`c.${sent.criterion}`]: sent.comment, [`r.${sent.criterion}`]: sent.reason };
    for (const [note, text] of Object.entries(sent.notes ?? {})) texts[`n.${sent.criterion}.${note}`] = text;
    for (const [name, text] of Object.entries(texts)) {
      const place = named(form, name);
      if (place && text !== null) place.value = text;
    }
  }
};

const idOf = (target) =>
  target.closest("[data-criterion]")?.dataset.criterion ?? target.closest("[data-criterion-notes]")?.dataset.criterionNotes;

const onChange = (form, event) => {
  const { target } = event;
  // A choice and a file tell of themselves twice: the change counts.
  if (event.type === "input" && ["radio", "file"].includes(target.type)) return;
  if (target.dataset?.photo) return takePhoto(form, target);
  const id = idOf(target);
  if (!id) return;
  clearTimeout(timers.get(id));
  const typing = event.type === "input";
  timers.set(id, setTimeout(() => save(form, id), typing ? PAUSE : 0));
};

const takePhoto = async (form, input) => {
  const [photo] = input.files;
  if (!photo) return;
  const id = idOf(input);
  say(form, id, form.dataset.saving);
  await keep({
    id: `${form.dataset.key}/${id}/${Date.now()}`, key: form.dataset.key, kind: "photo", at: Date.now(), url: input.dataset.photo,
    photo, name: photo.name || "photo.jpg", sent: { criterion: id, answer: answerOf(form, id) },
  });
  input.value = "";
  await flush(form);
};

// One criterion at a time: the others are hidden, two buttons step.
const oneByOne = (form) => {
  const all = [...form.querySelectorAll("[data-criterion]")];
  if (!all.length) return;
  let at = Math.max(0, all.findIndex((one) => !one.classList.contains("is-answered")));
  const steps = form.querySelector(".k-sheet-one");
  const heads = [...form.querySelectorAll(".k-branch")];
  const depth = (one) => Number(/is-depth-(\d+)/.exec(one.className)?.[1] ?? 0);
  // The headings above a criterion: walking back, each that stands higher than the last one kept.
  const above = (one) => {
    const kept = [];
    let level = depth(one);
    for (let before = one.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.matches(".k-branch") && depth(before) < level) {
        kept.push(before);
        level = depth(before);
      }
    }
    return kept;
  };
  form.classList.add("is-one");
  const show = () => {
    all.forEach((one, place) => (one.hidden = place !== at));
    const kept = above(all[at]);
    heads.forEach((head) => (head.hidden = !kept.includes(head)));
    form.querySelector("[data-place]").textContent = `${at + 1}/${all.length}`;
    steps.querySelector('[data-step="-1"]').disabled = at === 0;
    steps.querySelector('[data-step="1"]').disabled = at === all.length - 1;
  };
  steps.hidden = false;
  steps.addEventListener("click", ({ target }) => {
    const step = Number(target.closest("[data-step]")?.dataset.step ?? 0);
    at = Math.min(all.length - 1, Math.max(0, at + step));
    show();
    all[at].querySelector("input, textarea")?.focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "start" });
  });
  show();
};

// On pages without a sheet: what waits from sheets of this person goes out too, and its count is told.
const sendHere = async (line) => {
  const mine = (entry) => entry.id.startsWith(`${line.dataset.waitingHere}-`) && entry.url;
  for (const entry of await kept(mine)) {
    await trying(entry);
    const answer = await post(entry.url, bodyOf(entry), headersOf(entry));
    if (!answer || !answer.ok) break; // a refusal or a dispute is shown on its own sheet
    await drop(entry);
  }
  const left = (await kept(mine)).length;
  line.hidden = !left;
  line.querySelector("[data-count]").textContent = left;
};

export const enliven = (root) => {
  for (const line of root.querySelectorAll("[data-waiting-here]")) {
    if (line.dataset.alive) continue;
    line.dataset.alive = "1";
    window.addEventListener("online", () => sendHere(line));
    sendHere(line).catch(() => {});
  }
  for (const form of root.querySelectorAll("form[data-sheet]")) {
    if (form.dataset.alive) continue;
    form.dataset.alive = "1";
    form.addEventListener("input", (event) => onChange(form, event));
    form.addEventListener("change", (event) => onChange(form, event));
    window.addEventListener("online", () => flush(form));
    setInterval(async () => (await waitingOf(form)).length && flush(form), AGAIN);
    if ("one" in form.dataset) oneByOne(form);
    restore(form).then(() => flush(form)).catch(() => {});
  }
};
