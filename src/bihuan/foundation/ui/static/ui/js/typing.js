/* Forms that people type into.
   data-reveal="name=a,b; other=c": shown while one of these controls has one of these values ("=!a": any other value);
   with "&" instead of ";" while all have. What is not shown has no value.
   <input role="combobox" aria-controls="list">: arrow keys choose among the [role=option] elements that htmx brings into
   the list, Enter or a click takes data-value. data-send-keys on a form: Ctrl+Enter sends it. data-hotkey="F2": focus. */
(() => {
  "use strict";
  const {one, all} = window.bh;

  /* ---- parts that appear by choice ---- */
  const values = (form, name) => [...form.elements]
    .filter((field) => field.name === name && !field.closest("[data-reveal][hidden]"))
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked).map((field) => field.value);
  const holds = (form, part) => {
    const [name, list] = part.trim().split("=");
    const given = values(form, name);
    return list.startsWith("!") ? !given.includes(list.slice(1)) : list.split(",").some((value) => given.includes(value));
  };
  const wanted = (form, rule) => rule.includes("&")
    ? rule.split("&").every((part) => holds(form, part))
    : rule.split(";").some((part) => holds(form, part));
  const reveal = (form) => all("[data-reveal]", form).forEach((part) => {
    part.hidden = !wanted(form, part.dataset.reveal);
    part.classList.remove("is-later"); // so marked, it was kept hidden from the first paint on
  });
  const revealAll = () => all("form").filter((form) => one("[data-reveal]", form)).forEach(reveal);
  document.addEventListener("input", (event) => event.target.form && reveal(event.target.form));
  document.addEventListener("reset", (event) => setTimeout(() => reveal(event.target)));
  document.addEventListener("htmx:load", revealAll);
  revealAll();

  /* ---- lists to choose from ---- */
  const listOf = (input) => one(`#${input.getAttribute("aria-controls")}`);
  const options = (input) => all("[role=option]", listOf(input));
  const mark = (input, chosen) => {
    options(input).forEach((option) => option.setAttribute("aria-selected", String(option === chosen)));
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({block: "nearest"});
    } else input.removeAttribute("aria-activedescendant");
  };
  const show = (input, on) => {
    listOf(input).hidden = !on;
    input.setAttribute("aria-expanded", String(on));
    if (!on) mark(input, null);
  };
  const take = (input, option) => {
    input.dispatchEvent(new CustomEvent("htmx:abort"));
    input.value = option.dataset.value;
    show(input, false);
    input.dispatchEvent(new Event("change", {bubbles: true}));
    input.focus();
  };
  const owner = (list) => list.id && one(`[role=combobox][aria-controls="${list.id}"]`);
  document.addEventListener("htmx:afterSwap", (event) => {
    const input = owner(event.detail.target);
    if (input) show(input, options(input).length > 0 && document.activeElement === input);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest("[role=combobox]");
    if (!input || listOf(input).hidden) return;
    const all_ = options(input);
    const at = all_.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      mark(input, all_[(at + (event.key === "ArrowDown" ? 1 : -1) + all_.length) % all_.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      take(input, all_[Math.max(at, 0)]);
    } else if (event.key === "Escape") show(input, false);
    else return;
    event.preventDefault();
  });
  // A press must not take the focus away from the field before the click arrives.
  document.addEventListener("mousedown", (event) => event.target.closest("[role=option]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(owner(option.closest("[role=listbox]")), option);
  });
  document.addEventListener("focusout", (event) => event.target.matches("[role=combobox]") && show(event.target, false));

  /* ---- keys that work while typing ---- */
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-send-keys]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
    const target = all("[data-hotkey]").find((element) => element.dataset.hotkey === event.key);
    if (target) {
      event.preventDefault();
      target.focus();
      if (target.select) target.select();
    }
  });
})();
