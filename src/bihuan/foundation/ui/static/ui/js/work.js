/* Dense tables and filters: selecting rows, batch actions, column choice, keyboard. */
(() => {
  "use strict";
  const {one, all, remember, addHidden, open} = window.bh;

  /* ---- selection: kept by value, so it survives a refresh of the rows ---- */
  const selected = new Set();
  let last = null;
  const boxes = () => all("input[data-row]");
  const sync = () => {
    const present = boxes();
    present.forEach((box) => {
      box.checked = selected.has(box.value);
      const row = box.closest("tr");
      if (row) row.classList.toggle("is-sel", box.checked);
    });
    const count = selected.size;
    all("[data-tools]").forEach((tools) => tools.classList.toggle("is-batch", count > 0));
    all("[data-batch-n]").forEach((place) => (place.textContent = count));
    all("[data-check-all]").forEach((box) => {
      box.checked = count > 0 && present.every((each) => each.checked);
      box.indeterminate = count > 0 && !box.checked;
    });
  };
  const set = (box, on) => (on ? selected.add(box.value) : selected.delete(box.value));
  document.addEventListener("click", (event) => {
    const box = event.target.closest("input[data-row]");
    if (box) {
      // Shift extends the selection from the row chosen before.
      const rows = boxes();
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) rows.slice(from, to + 1).forEach((each) => set(each, box.checked));
      set(box, box.checked);
      last = box;
      sync();
    }
    if (event.target.closest("[data-batch-clear]")) {
      selected.clear();
      sync();
    }
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-check-all]")) return;
    boxes().forEach((box) => set(box, event.target.checked));
    sync();
  });
  // The rows go with the form that a batch dialog sends; a single row's button may name just its own.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-batch]");
    if (form) selected.forEach((value) => addHidden(form, form.dataset.batch, value));
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest("form[data-batch]");
    if (form) event.detail.parameters[form.dataset.batch] = [...selected];
  });
  document.addEventListener("bh:batch-done", () => {
    selected.clear();
    sync();
  });
  // Rows that come back keep their selection, and the keyboard its place.
  let place = "";
  document.addEventListener("htmx:beforeSwap", () => (place = (one("tr.is-cur") || {dataset: {}}).dataset.href || ""));
  document.addEventListener("htmx:afterSwap", () => {
    sync();
    all("tr[data-href]").filter((row) => place && row.dataset.href === place).forEach((row) => row.classList.add("is-cur"));
  });
  boxes().filter((box) => box.checked).forEach((box) => selected.add(box.value));
  sync();

  /* ---- saved views: the server keeps them; a filter set without a new page is known to the address only ---- */
  document.addEventListener("submit", (event) => {
    all("[data-here]", event.target).forEach((field) => (field.value = location.search.slice(1)));
  }, true);

  /* ---- columns: the cookie lets the server draw the table right at once next time ---- */
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-column]");
    if (!box) return;
    const table = one(`[data-table="${box.dataset.of}"]`);
    const hidden = all(`[data-column][data-of="${box.dataset.of}"]`).filter((each) => !each.checked).map((each) => each.dataset.column);
    if (table) table.dataset.hide = hidden.join(" ");
    remember(`bh-cols-${box.dataset.of}`, hidden.join("."));
  });

  /* ---- filters on a phone, and other parts that open in place ---- */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-expand]");
    if (!opener) return;
    const expanded = one(opener.dataset.expand).classList.toggle("is-open");
    opener.setAttribute("aria-expanded", String(expanded));
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-show-kind]");
    if (!tab) return;
    event.preventDefault();
    const group = tab.closest("[data-kinds]");
    all("[data-show-kind]", group).forEach((each) => {
      each.classList.toggle("active", each === tab);
      if (each === tab) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    });
    choose(group);
  });
  const choose = (group) => {
    const tab = one("[data-show-kind][aria-current]", group);
    const kind = tab ? tab.dataset.showKind : "";
    const by = one("[data-show-by]", group);
    const seen = one("[data-show-seen]", group);
    let shown = 0;
    all("[data-kind]", group).forEach((part) => {
      const fits = (!kind || part.dataset.kind === kind) && (!by || by.value === "*" || part.dataset.by === by.value);
      part.hidden = !fits || Boolean(seen && seen.checked && !("seen" in part.dataset));
      shown += part.hidden ? 0 : 1;
    });
    all("[data-show-none]", group).forEach((part) => (part.hidden = shown > 0));
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-show-by], [data-show-seen]")) choose(event.target.closest("[data-kinds]"));
  });
  document.addEventListener("htmx:afterSettle", () => all("[data-kinds]").forEach(choose));

  /* ---- keyboard: single keys can be switched off (WCAG 2.1.4) and never act while somebody types ---- */
  const KEY = "bh-keys";
  const enabled = () => localStorage.getItem(KEY) !== "off";
  const toggle = one("[data-keys-on]");
  if (toggle) {
    toggle.checked = enabled();
    toggle.addEventListener("change", () => localStorage.setItem(KEY, toggle.checked ? "on" : "off"));
  }
  const help = one("#bh-keys .bh-keys");
  if (help) {
    const keyed = [...all("[data-key]"), ...all("[data-row-key]", one("tr[data-href]") || help)];
    keyed.forEach((element) => {
      const term = document.createElement("dt");
      (element.dataset.key || element.dataset.rowKey).split(" ").forEach((name) => {
        const key = document.createElement("kbd");
        key.textContent = name;
        term.append(key, " ");
      });
      const text = document.createElement("dd");
      text.textContent = element.dataset.keyLabel || (one("span", element) || element).textContent.trim();
      help.append(term, text);
    });
  }
  let prefix = "";
  const move = (step) => {
    const list = all("tr[data-href]");
    if (!list.length) return;
    const at = list.findIndex((row) => row.classList.contains("is-cur"));
    const to = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    list.forEach((row) => row.classList.toggle("is-cur", row === to));
    const link = one("a", to);
    if (link) link.focus({preventScroll: true});
    to.scrollIntoView({block: "nearest"});
  };
  const current = () => one("tr.is-cur");
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: () => current() && location.assign(current().dataset.href),
    x: () => {
      const box = current() && one("input[data-row]", current());
      if (box) box.click();
    },
    "/": () => {
      const field = one("[data-search]");
      if (field) field.focus();
    },
    "?": () => open(one("#bh-keys")),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || !enabled()) return;
    const sequence = prefix ? `${prefix} ${event.key}` : event.key;
    // What belongs to the row under the cursor goes before what belongs to the page.
    const own = !prefix && all("[data-row-key]", current() || document.createElement("tr")).find((element) => element.dataset.rowKey === event.key);
    const target = own || all("[data-key]").find((element) => element.dataset.key === sequence && element.offsetParent);
    const starts = all("[data-key]").some((element) => element.dataset.key.startsWith(`${sequence} `));
    prefix = "";
    if (target) target.click();
    else if (starts) {
      prefix = sequence;
      setTimeout(() => (prefix = ""), 1500);
    } else if (actions[event.key]) actions[event.key]();
    else return;
    event.preventDefault();
  });
})();
