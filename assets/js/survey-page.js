// What the pages of a survey do with scripts: draw the form, fill in a code from the QR, forget a draft once it is sent.
const KEPT = "khet-survey-";

export const draft = {
  key: (token) => KEPT + token,
  read(token) {
    try {
      return JSON.parse(localStorage.getItem(KEPT + token));
    } catch {
      return null;
    }
  },
  write(token, answers) {
    try {
      localStorage.setItem(KEPT + token, JSON.stringify(answers));
    } catch {
      // a device that keeps nothing
    }
  },
  forget(token) {
    try {
      localStorage.removeItem(KEPT + token);
    } catch {
      // nothing was kept either
    }
  },
};

// A code stands behind '#', which the browser does not send; it is put into the field and not shown in the address.
function fillCode(form) {
  const code = decodeURIComponent(location.hash.slice(1));
  const field = form.querySelector("input[name=code]");
  if (!field || !/^[A-Za-z0-9-]{4,12}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  form.querySelector("button").focus();
}

export function enliven(root) {
  const sent = root.querySelector("[data-survey-sent]");
  if (sent) draft.forget(sent.dataset.surveySent);
  const codes = root.querySelector("[data-code-form]");
  if (codes) fillCode(codes);
  const form = root.querySelector("form[data-survey]:not([data-ready])");
  // Who saves data stays with the plain pages: they weigh a fiftieth.
  if (form && !navigator.connection?.saveData) {
    form.dataset.ready = "";
    import("./survey-form.js").then((drawing) => drawing.draw(form));
  }
}
