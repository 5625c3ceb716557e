// Questions that depend on others: shown only while the condition holds. The server drops what is hidden all the same.
const given = (form, name) =>
  [...form.elements].filter((one) => one.name === name && (!/radio|checkbox/.test(one.type) || one.checked)).map((one) => one.value);

function look(form) {
  for (const part of form.querySelectorAll("[data-show-if]")) {
    const asked = Object.entries(JSON.parse(part.dataset.showIf)).every(([name, wanted]) =>
      given(form, name).some((value) => wanted.includes(value)),
    );
    part.hidden = !asked;
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !asked;
  }
}

export function enliven(root) {
  const forms = root.closest?.("form") ? [root.closest("form")] : root.querySelectorAll("form");
  for (const form of forms) if (form.querySelector("[data-show-if]")) look(form);
}

document.addEventListener("input", (event) => {
  if (event.target.form?.querySelector("[data-show-if]")) look(event.target.form);
});
