// Forms of texts that are saved as they are written and survive a lost line: <form data-kept="…"> with a `data-kept-state`
// line. Only fields that were changed are sent. The button sends the rest, then the page comes anew.
import { bodyOf, drop, keep, kept, post } from "./waiting.js";

const PAUSE = 900; // after the last key stroke
const AGAIN = 15_000;

const fields = (form) => [...form.elements].filter((one) => one.name && one.matches("input:not([type=hidden]), textarea, select"));
const changed = (one) =>
  one.matches("select") ? ![...one.options].every((option) => option.selected === option.defaultSelected) : one.value !== one.defaultValue;
const settle = (one, value) => {
  if (one.value !== value) return;
  if (one.matches("select")) for (const option of one.options) option.defaultSelected = option.selected;
  else one.defaultValue = one.value;
};
const say = (form, words, look = "") => {
  const line = form.querySelector("[data-kept-state]");
  line.textContent = words;
  line.className = `k-crit-state ${look}`;
};

const put = async (form) => {
  const sent = Object.fromEntries(fields(form).filter(changed).map((one) => [one.name, one.value]));
  if (!Object.keys(sent).length) return;
  const id = form.dataset.kept;
  await keep({ id, key: id, kind: "form", at: Date.now(), url: form.action, sent });
};

// true when nothing waits any more.
const flush = async (form) => {
  for (const entry of await kept((one) => one.id === form.dataset.kept)) {
    const answer = await post(entry.url, bodyOf(entry));
    if (!answer) return say(form, form.dataset.waiting, "is-waiting"), false;
    await drop(entry);
    if (!answer.ok) return say(form, answer.reply.words ?? `${answer.status}`, "is-failed"), false;
    for (const one of fields(form)) if (one.name in entry.sent) settle(one, entry.sent[one.name]);
    say(form, form.dataset.saved, "is-saved");
  }
  return true;
};

const restore = async (form) => {
  for (const { sent } of await kept((one) => one.id === form.dataset.kept)) {
    for (const one of fields(form)) if (one.name in sent) one.value = sent[one.name];
  }
};

export const enliven = (root) => {
  for (const form of root.querySelectorAll("form[data-kept]")) {
    if (form.dataset.alive) continue;
    form.dataset.alive = "1";
    let timer;
    let now = Promise.resolve(); // one save after the other, or an older text could arrive last
    const save = () => (now = now.then(() => put(form)).then(() => flush(form)).catch(() => false));
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      if (await save()) form.submit();
    });
    window.addEventListener("online", save);
    setInterval(async () => (await kept((one) => one.id === form.dataset.kept)).length && save(), AGAIN);
    restore(form).then(save);
  }
};
