// What waits in the browser's storage for the line to come back: entries in the order they were made, each under a name
// of its own. A newer entry takes the place of an older one of its name; what has arrived is removed at once.
import { keeping } from "./keeping.js";

const ask = keeping("khet-assess", { waiting: { keyPath: "id" } });
const inStore = (mode, work) => ask("waiting", mode, work);
// Reads the entry of a name and puts back what `change` makes of it, in one step, so that nobody writes in between.
const changeOne = (id, change) =>
  inStore("readwrite", (store) => {
    const asked = store.get(id);
    asked.onsuccess = () => {
      const made = change(asked.result);
      if (made) store.put(made);
      else if (made === null) store.delete(id);
    };
  });

// Keeps an entry; what was tried of the one before it is remembered, for its reply may have been lost on the way.
export const keep = (entry) => changeOne(entry.id, (before) => ({ ...entry, tried: before?.tried }));
export const drop = (entry) => changeOne(entry.id, (stands) => (stands && stands.at === entry.at ? null : undefined));
// Notes before sending that the server may have got this.
export const trying = (entry) =>
  changeOne(entry.id, (stands) => (stands && stands.at === entry.at ? { ...stands, tried: entry.sent } : undefined));
export const kept = async (holds) => {
  const all = (await inStore("readonly", (store) => store.getAll())) ?? [];
  return all.filter(holds).sort((a, b) => a.at - b.at);
};

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content;

// Answers after which an entry waits on: the server rests, is hurried, or no longer knows who is asking.
const LATER = (answer) => answer.status >= 500 || answer.redirected || [403, 408, 429].includes(answer.status);

// The server's answer to an entry, or null where it got none.
export const post = async (url, body, headers = {}) => {
  try {
    const answer = await fetch(url, {
      method: "POST", body, credentials: "same-origin",
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...headers },
    });
    if (LATER(answer)) return null;
    return { status: answer.status, ok: answer.ok, reply: await answer.json().catch(() => ({})) };
  } catch {
    return null;
  }
};

export const bodyOf = (entry) => {
  if (entry.kind === "answer") return JSON.stringify(entry.tried ? { ...entry.sent, tried: entry.tried } : entry.sent);
  const body = new FormData();
  if (entry.kind === "photo") body.append("file", entry.photo, entry.name);
  else for (const [name, value] of Object.entries(entry.sent)) body.append(name, value);
  return body;
};
export const headersOf = (entry) => (entry.kind === "answer" ? { "Content-Type": "application/json" } : {});
