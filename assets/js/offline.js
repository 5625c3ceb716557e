// A visit written where there is no line: kept on this device, encrypted, under who wrote it, and sent when there is one.
// <form data-offline> carries a key made by the server, so that sending twice keeps one. What was sent is deleted here.
import { keeping } from "./keeping.js";

const words = () => document.getElementById("waiting-words")?.dataset ?? {};
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

const ask = keeping("khet-waiting", { keys: {}, forms: { keyPath: "key" } });

// The key never leaves the browser's own keeping: a copy of its files alone opens nothing.
const secret = async () => {
  const known = await ask("keys", "readonly", (store) => store.get("key"));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await ask("keys", "readwrite", (store) => store.put(made, "key"));
  return made;
};

const packed = async (data) => {
  const fields = [];
  for (const [name, value] of data) {
    if (name === "csrfmiddlewaretoken") continue;
    if (!(value instanceof File)) fields.push({ name, value });
    else if (value.size) fields.push({ name, file: value.name, type: value.type, bytes: [...new Uint8Array(await value.arrayBuffer())] });
  }
  return new TextEncoder().encode(JSON.stringify(fields));
};

const unpacked = (bytes) => {
  const data = new FormData();
  for (const one of JSON.parse(new TextDecoder().decode(bytes))) {
    if (one.bytes) data.append(one.name, new File([new Uint8Array(one.bytes)], one.file, { type: one.type }));
    else data.append(one.name, one.value);
  }
  return data;
};

const keep = async (form, data) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const content = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await secret(), await packed(data));
  const entry = { key: data.get("key"), url: form.action || location.href, user: words().user, iv, content };
  await ask("forms", "readwrite", (store) => store.put(entry));
};

// "kept" | "refused" (the server will not have it as it is) | "waits" (no line, signed out, or the case is closed)
const send = async (url, data) => {
  data.set("csrfmiddlewaretoken", token());
  try {
    const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token() } });
    if (answer.status === 422) return "refused";
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    return answer.ok && isJson ? "kept" : "waits";
  } catch {
    return "waits";
  }
};

const tell = (text) => {
  const line = document.getElementById("waiting-line");
  if (!line) return;
  line.hidden = !text;
  line.textContent = text ?? "";
};

const mine = async () => (await ask("forms", "readonly", (store) => store.getAll())).filter((one) => one.user === words().user);

export const sendAll = async () => {
  if (!words().user) return;
  let sent = 0;
  for (const one of await mine()) {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: one.iv }, await secret(), one.content);
    if ((await send(one.url, unpacked(bytes))) !== "kept") continue;
    await ask("forms", "readwrite", (store) => store.delete(one.key));
    sent += 1;
  }
  const left = (await mine()).length;
  if (left) tell(words().left.replace("{n}", left));
  else if (sent) tell(words().sent);
};

const submitted = async (event) => {
  const form = event.target;
  event.preventDefault();
  const data = new FormData(form);
  const outcome = navigator.onLine ? await send(form.action || location.href, data) : "waits";
  if (outcome === "kept") location.assign(form.querySelector("a.btn")?.href ?? location.href);
  else if (outcome === "refused") form.submit(); // the page says what is wrong, as it does without scripts
  else {
    await keep(form, data);
    form.querySelector("button.btn-primary").disabled = true;
    const line = form.querySelector("[data-offline-words]");
    if (line) line.textContent = words().kept;
  }
};

const place = (button) => {
  if (!navigator.geolocation) return;
  const form = button.form;
  const line = form.querySelector("[data-place-words]");
  button.hidden = false;
  button.addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(3);
        form.elements.lon.value = coords.longitude.toFixed(3);
        line.textContent = words().placed;
      },
      () => (line.textContent = words().noplace),
    ),
  );
};

export const enliven = (root) => {
  root.querySelectorAll("form[data-offline]").forEach((form) => form.addEventListener("submit", submitted));
  root.querySelectorAll("[data-place]").forEach(place);
};
