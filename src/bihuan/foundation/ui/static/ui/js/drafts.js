/* Drafts: what is typed into a form with data-draft="key" stays on this device until it is sent, discarded, seven days
   old, or the reader logs out ([data-draft-forget]). Passwords, files and hidden fields are never kept, but for the key
   by which the server knows a form that is sent twice ([data-draft-keep]): it goes with the words. */
(() => {
  "use strict";
  const {one, all, words, toast} = window.bh;
  // Drafts belong to a person: at a shared desk the next one who logs in is not shown them.
  const PREFIX = `bh-draft:${document.documentElement.dataset.reader || ""}:`;
  const KEEP = 7 * 24 * 3600 * 1000;
  const skip = new Set(["password", "file", "hidden", "submit", "button"]);
  const fields = (form) => [...form.elements].filter((field) => field.name && (!skip.has(field.type) || field.hasAttribute("data-draft-keep")));
  const read = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(PREFIX + key));
      return kept && Date.now() - kept.at < KEEP ? kept : null;
    } catch {
      return null;
    }
  };
  const clear = (key) => {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX) && (key === "*" || name === PREFIX + key))
      .forEach((name) => localStorage.removeItem(name));
  };
  const values = (form) => {
    const found = {};
    fields(form).forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) (found[field.name] ||= []).push(field.value);
      } else if (field.value) found[field.name] = [field.value];
    });
    return found;
  };
  // What was said, without the keys of the forms.
  const said = (form, found) => {
    const keys = fields(form).filter((field) => field.hasAttribute("data-draft-keep")).map((field) => field.name);
    return JSON.stringify(found, (name, value) => (keys.includes(name) ? undefined : value));
  };
  // A key alone is no draft.
  const written = (form) => fields(form).some((field) => field.type !== "hidden" && (field.name in values(form)));
  const say = (form, text) => all("[data-draft-state]").forEach((place) => {
    if (!place.dataset.draftState || place.dataset.draftState === form.dataset.draft) place.textContent = text;
  });
  const filesOf = (form) => all("input[type=file]", form).reduce((sum, input) => sum + input.files.length, 0);
  const save = (form) => {
    try {
      const kept = {at: Date.now(), values: values(form), files: filesOf(form)};
      localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(kept));
      say(form, words().saved);
    } catch {
      /* A full or forbidden store must not disturb typing. */
    }
  };
  const restore = (form) => {
    const draft = read(form.dataset.draft);
    const kept = draft && draft.values;
    // The server's own words win: a form that came back with errors already holds what was typed.
    if (!kept || form.hasAttribute("data-draft-fresh") || one("[aria-invalid=true]", form)) return;
    const same = said(form, kept) === said(form, values(form));
    fields(form).forEach((field) => {
      const mine = kept[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine[0];
      field.dispatchEvent(new Event("input", {bubbles: true}));
    });
    if (!same) say(form, words().restored);
    if (draft.files) toast({message: words().choosefiles});
  };
  const timers = new WeakMap();
  const later = (event) => {
    const form = event.target.form && event.target.form.closest("form[data-draft]");
    if (!form || !event.isTrusted) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), 400));
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  // Leaving in the middle of a word loses nothing, unless it is to log out.
  let forgotten = false;
  addEventListener("pagehide", () => forgotten || all("form[data-draft]").forEach((form) => written(form) && !form.dataset.sending && save(form)));
  // Logged out, what is typed stays on this device, but the page must not look as if all were well.
  document.addEventListener("bh:logged-out", () => all("form[data-draft]").forEach((form) => {
    if (written(form)) save(form);
    say(form, "");
  }));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draft-discard]");
    if (!button) return;
    const form = one(`form[data-draft="${button.dataset.draftDiscard}"]`);
    clear(button.dataset.draftDiscard);
    if (form) {
      form.reset();
      say(form, "");
    }
  });
  document.addEventListener("submit", (event) => {
    forgotten = event.target.matches("[data-draft-forget]");
    if (forgotten) clear("*");
  });
  const prepare = (part) => {
    const marks = all("[data-draft-clear]", part).map((mark) => mark.dataset.draftClear);
    marks.join(" ").split(" ").filter(Boolean).forEach(clear);
    all("form[data-draft]", part).forEach(restore);
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));

  window.bh.drafts = {save, clear};
})();
