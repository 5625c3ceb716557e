// The public form of a survey drawn by SurveyJS over the plain one. What it sends is judged by the server like any post.
import { Model, SvgRegistry, surveyLocalization } from "survey-core";
import "survey-core/i18n/thai";
import "survey-js-ui";
import { draft } from "./survey-page.js";

// Some of its icons carry a style attribute, which our policy refuses; they look the same without.
const icons = SvgRegistry.iconsRenderedHtml.bind(SvgRegistry);
SvgRegistry.iconsRenderedHtml = () => icons().replace(/\sstyle=(["'])[^"']*\1/g, "");

const read = (id) => JSON.parse(document.getElementById(id).textContent);

function styled(address) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  });
}

function send(form, model) {
  draft.forget(form.dataset.token);
  for (const [name, value] of [["answers", JSON.stringify(model.data)], ["act", "send"]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.submit();
}

// Keeping a draft is the respondent's choice, made anew on each device.
function keeping(form, model) {
  const { token, keep, kept, again } = form.dataset;
  const label = document.createElement("label");
  label.className = "form-check survey-keep";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "form-check-input";
  box.checked = draft.read(token) !== null;
  const words = document.createElement("span");
  words.className = "form-check-label";
  words.textContent = keep;
  const hint = document.createElement("span");
  hint.className = "form-hint d-block";
  hint.textContent = box.checked ? again : kept;
  label.append(box, words, hint);
  const save = () => (box.checked ? draft.write(token, model.data) : draft.forget(token));
  box.addEventListener("change", save);
  model.onValueChanged.add(() => box.checked && save());
  return label;
}

export async function draw(form) {
  const { token, language, style } = form.dataset;
  surveyLocalization.defaultLocale = "th";
  const model = new Model(read(form.dataset.survey));
  model.locale = language.slice(0, 2);
  model.showCompletedPage = false;
  model.focusFirstQuestionAutomatic = false;
  const known = read(form.dataset.known);
  model.data = Object.keys(known).length ? known : draft.read(token) ?? {};
  model.onComplete.add(() => send(form, model));
  await styled(style);
  const place = document.createElement("div");
  place.className = "survey-drawn";
  const plain = form.querySelector(".survey-plain");
  const page = Number(plain.querySelector("[name=page]").value);
  const trap = plain.querySelector(".survey-trap");
  model.currentPageNo = Math.min(page, model.visiblePageCount - 1);
  form.append(place, trap, keeping(form, model));
  model.render(place);
  plain.remove();
}
