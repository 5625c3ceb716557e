// The form of the theme menu works without a script (the server sets the cookie); with one the page need not reload.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-choice]");
  const choice = event.submitter?.value;
  if (!form || !choice) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `khet_theme=${choice}; path=/; max-age=31536000; samesite=lax${secure}`;
  if (choice === "auto") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = choice;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === choice));
  form.closest("details").open = false;
  document.dispatchEvent(new Event("khet:theme"));
});
