/* A text with numbered lines: textarea[data-code] with pre[data-numbers] before it. data-wrong on any element says which
   lines have a flaw, data-wrong-fields (JSON) which fields of a form. button[data-line] leads to a line, or to the field
   it names where the form shows it. Open parts of a form stay open when the form is drawn anew. */
(() => {
  "use strict";
  const {one, all} = window.bh;
  const gutter = (area) => area.parentElement.querySelector("[data-numbers]");
  const number = (area) => {
    const place = gutter(area);
    if (!place) return;
    const marked = one("[data-wrong]");
    const wrong = new Set(marked ? marked.dataset.wrong.split(" ") : []);
    place.textContent = "";
    const count = area.value.split("\n").length;
    for (let line = 1; line <= count; line += 1) {
      const cell = document.createElement(wrong.has(String(line)) ? "b" : "span");
      cell.textContent = line;
      place.append(cell, "\n");
    }
    place.scrollTop = area.scrollTop;
  };
  const fieldNamed = (name) => all("[data-field]").find((field) => field.dataset.field === name);
  const mark = () => {
    const place = one("[data-wrong-fields]");
    const wrong = new Set(place ? JSON.parse(place.dataset.wrongFields) : []);
    all("[data-field]").forEach((field) => {
      const bad = wrong.has(field.dataset.field);
      field.classList.toggle("is-invalid", bad);
      if (bad) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
  };
  const draw = () => {
    all("textarea[data-code]").forEach(number);
    mark();
  };
  document.addEventListener("input", (event) => event.target.matches("textarea[data-code]") && number(event.target));
  document.addEventListener("scroll", (event) => {
    if (event.target.matches && event.target.matches("textarea[data-code]")) gutter(event.target).scrollTop = event.target.scrollTop;
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line]");
    if (!button) return;
    const area = one("textarea[data-code]");
    const lines = area.value.split("\n");
    const line = Number(button.dataset.line);
    if (!line || line > lines.length) {
      const field = fieldNamed(button.dataset.of);
      if (field) {
        field.closest("details").open = true;
        field.focus();
      }
      return;
    }
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(from, from + lines[line - 1].length);
    area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
  });
  // Kept over a drawing anew: what is open, and where the text was.
  let open = [];
  let place = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    open = all(".ad-form details[open]").map((each) => each.id);
    const area = one("textarea[data-code]");
    place = area ? area.scrollTop : 0;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (one(".ad-form details")) all(".ad-form details").forEach((each) => (each.open = open.length ? open.includes(each.id) : each.open));
    const area = one("textarea[data-code]");
    if (area) area.scrollTop = place;
    draw();
  });
  draw();
})();
