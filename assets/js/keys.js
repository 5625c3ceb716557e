// "/" goes to the search field, "g" and a letter to a page (its link carries data-key), "?" opens the list of keys;
// a letter alone presses the button that carries it as data-press.
const writes = (element) => element.closest("input, textarea, select, [contenteditable]");
let going = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  if (going) {
    going = false;
    // By the key's place, so that it works while a Thai layout is on.
    const letter = event.code.replace(/^Key/, "").toLowerCase();
    const link = document.querySelector(`a[data-key="${CSS.escape(letter)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  const press = /^Key[A-Z]$/.test(event.code) && document.querySelector(`[data-press="${event.code.slice(3).toLowerCase()}"]`);
  if (press && !event.repeat) {
    event.preventDefault();
    press.click();
  } else if (event.code === "KeyG") {
    going = true;
    setTimeout(() => (going = false), 1500);
  } else if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
    const field = document.querySelector("[data-search-field]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  } else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
    document.getElementById("keys")?.showModal?.();
  }
});
