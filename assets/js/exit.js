// Away at once: what was typed is cleared and the page gives up its place in the history. Two presses of Esc do the same.
const IN_TIME = 1000;

const leave = (link) => {
  for (const form of document.forms) for (const field of form.elements) if ("value" in field && field.type !== "hidden") field.value = "";
  document.body.hidden = true;
  document.title = "";
  window.location.replace(link.href);
};

export const enliven = (root) => {
  const link = root.querySelector("[data-quick-exit]");
  if (!link) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(link);
  });
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < IN_TIME) leave(link);
    last = event.timeStamp;
  });
};
