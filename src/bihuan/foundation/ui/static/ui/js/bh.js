/* Behaviours of every page, tied to data-* attributes. Events are delegated, so parts that htmx brings work at once.
   No inline handlers, no eval, no markup made from texts. Words come from <template id="bh-words">. */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = () => one("#bh-words").dataset;
  const secure = location.protocol === "https:" ? "; secure" : "";
  const remember = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  };
  // The page knows the server's clock; a demonstration may live on another day than this computer.
  const shift = root.dataset.now ? Date.parse(root.dataset.now) - Date.now() : 0;
  const now = () => new Date(Date.now() + shift);
  // Times are those of the place, wherever this computer believes to be.
  const zone = /([+-])(\d\d):(\d\d)$/.exec(root.dataset.now || "");
  const offset = zone ? (zone[1] === "-" ? -1 : 1) * (60 * zone[2] + Number(zone[3])) : -new Date().getTimezoneOffset();
  const clock = (date) => new Date(date.getTime() + offset * 60000).toISOString().slice(11, 16);

  /* ---- menus: native details; close outside, on Escape and after a choice; arrow keys inside ---- */
  const menus = () => all("details.bh-menu[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => {
      const inside = menu.contains(event.target);
      const chosen = inside && event.target.closest(".pop a, .pop button");
      if (!inside || chosen) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = menus().find((open) => open.contains(document.activeElement)) || menus()[0];
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      one("summary", menu).focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = all(".pop a, .pop button, .pop input", menu).filter((item) => item.offsetParent);
      if (!items.length) return;
      event.preventDefault();
      const at = items.indexOf(document.activeElement);
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length].focus();
    }
  });

  /* ---- dialogs ---- */
  const open = (dialog) => {
    if (dialog && !dialog.open) dialog.showModal();
  };
  const openers = new Map();
  // The browser gives the focus back to what opened a dialog, but not to an entry of a menu that has closed since.
  document.addEventListener("close", (event) => {
    const opener = openers.get(event.target);
    const lost = document.activeElement === document.body || event.target.contains(document.activeElement);
    if (!opener || !lost) return;
    const menu = opener.closest("details:not([open])");
    (menu ? one("summary", menu) : opener).focus();
  }, true);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      open(one(opener.dataset.dialog));
      openers.set(one(opener.dataset.dialog), opener);
    }
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
  });
  // A fragment that htmx puts into the host is a whole dialog body: show it.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "bh-host" && event.detail.target.childElementCount) {
      const title = one("h2", event.detail.target);
      if (title) event.detail.target.setAttribute("aria-label", title.textContent);
      open(event.detail.target);
    }
  });
  // A page that comes back with wrong input, or was asked for one action, opens that dialog itself.
  const asked = one("[data-open]");
  if (asked && /^#[\w-]+$/.test(asked.dataset.open)) open(one(asked.dataset.open));
  document.addEventListener("bh:close", () => all("dialog[open]").forEach((dialog) => dialog.close()));

  /* ---- confirm, with a reason where one is needed:
     data-confirm="what will happen" data-confirm-title data-confirm-yes data-confirm-no data-confirm-reason="field name" ---- */
  const ask = (asker, go) => {
    const dialog = one("#bh-confirm");
    const data = asker.dataset;
    const reason = one("#bh-confirm-reason");
    one("h2", dialog).textContent = data.confirmTitle || data.confirmYes || "";
    one(".text", dialog).textContent = data.confirm;
    one(".yes", dialog).textContent = data.confirmYes;
    if (data.confirmNo) one(".no", dialog).textContent = data.confirmNo;
    one(".reason", dialog).hidden = !data.confirmReason;
    reason.required = Boolean(data.confirmReason);
    reason.value = "";
    one("form", dialog).onsubmit = () => go(reason.value);
    open(dialog);
  };
  document.addEventListener("htmx:confirm", (event) => {
    const asker = event.target.closest("[data-confirm]");
    if (!asker) return;
    event.preventDefault();
    ask(asker, (reason) => {
      if (asker.dataset.confirmReason) asker.setAttribute("hx-vals", JSON.stringify({[asker.dataset.confirmReason]: reason}));
      event.detail.issueRequest(true);
    });
  });
  const agreed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asker = event.submitter && event.submitter.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
    const ajax = form.hasAttribute("hx-post") || form.hasAttribute("data-hx-post");
    if (!asker || ajax || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(asker, (reason) => {
      if (asker.dataset.confirmReason) addHidden(form, asker.dataset.confirmReason, reason);
      agreed.add(form);
      form.requestSubmit(event.submitter);
    });
  }, true);
  const addHidden = (form, name, value) => {
    const input = document.createElement("input");
    Object.assign(input, {type: "hidden", name, value});
    input.dataset.added = "";
    form.append(input);
    return input;
  };

  /* ---- toasts ---- */
  const region = () => one("#bh-toasts");
  const expire = (toast, seconds) => {
    let timer = 0;
    const start = () => (timer = setTimeout(() => toast.remove(), seconds * 1000));
    toast.addEventListener("mouseenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("mouseleave", start);
    start();
  };
  const toast = ({message, kind = "ok", undo = ""}) => {
    const box = one("#bh-toast").content.firstElementChild.cloneNode(true);
    const bad = kind === "bad";
    one(".text", box).textContent = message;
    one(bad ? ".sign:not(.bad)" : ".sign.bad", box).remove();
    box.classList.toggle("is-bad", bad);
    if (undo) one("form", box).action = undo;
    else one("form", box).remove();
    // A modal dialog makes the rest of the page inert, so the notice has to stand inside it to be read and closed.
    const modal = all("dialog[open]").pop();
    if (modal) modal.append(region());
    else if (region().parentElement !== document.body) document.body.append(region());
    region().append(box);
    if (!bad) expire(box, undo ? 12 : 6);
  };
  document.addEventListener("close", () => document.body.append(region()), true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.contains(region())) document.body.append(region());
  });
  document.addEventListener("bh:toast", (event) => toast(event.detail));
  document.addEventListener("click", (event) => {
    const shut = event.target.closest("[data-toast-close]");
    if (shut) shut.closest("[data-toast]").remove();
  });
  all("[data-toast]:not(.is-bad)").forEach((box) => expire(box, 8));

  /* ---- theme and size of type ---- */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) {
      const value = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", value);
      root.removeAttribute("data-theme-auto");
      remember("bh-theme", value);
      document.dispatchEvent(new CustomEvent("bh:theme"));
    }
    if (event.target.closest("[data-size-toggle]")) {
      event.preventDefault(); // without this script the button is that of a form
      const large = root.getAttribute("data-bh-type") !== "large";
      if (large) root.setAttribute("data-bh-type", "large");
      else root.removeAttribute("data-bh-type");
      remember("bh-size", large ? "large" : "normal");
      all("[data-size-toggle]").forEach((button) => button.setAttribute("aria-pressed", String(large)));
    }
    if (event.target.closest("[data-print]")) print();
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast({message: copy.dataset.copied}));
  });

  /* ---- connection: the mark in the top bar and the banner with the time of the last data ---- */
  const connection = (alive) => {
    all("[data-live]").forEach((mark) => {
      mark.classList.toggle("off", !alive);
      const time = one("[data-live-time]", mark);
      if (alive && time) time.textContent = clock(now());
    });
    all("[data-banner]").forEach((banner) => {
      const last = one("[data-live-time]");
      const time = one("[data-banner-time]", banner);
      if (!alive && time && last) time.textContent = last.textContent;
      banner.hidden = alive;
    });
  };
  ["htmx:sseOpen", "htmx:sseMessage"].forEach((name) => document.addEventListener(name, () => connection(true)));
  document.addEventListener("htmx:sseError", () => connection(false));
  const polls = (event) => event.target.closest && event.target.closest("[data-poll]");
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const status = event.detail.xhr.status;
    if (status < 400 || !polls(event)) connection(true);
    if (status < 400) loggedOut(false);
  });
  document.addEventListener("htmx:sendError", (event) => {
    connection(false);
    if (!polls(event)) toast({message: words().offline, kind: "bad"});
  });
  addEventListener("offline", () => connection(false));
  addEventListener("online", () => askAgain());
  // A page that asks by itself says once, in the banner, what is wrong; it never piles up notices.
  const loggedOut = (out) => all("[data-logged-out]").forEach((banner) => (banner.hidden = !out));
  // Nothing moves below an open dialog or menu, and a page that nobody looks at does not ask.
  const quiet = () => document.hidden || one("dialog[open], details.bh-menu[open]");
  document.addEventListener("htmx:beforeRequest", (event) => polls(event) && quiet() && event.preventDefault());
  const askAgain = () => all("[data-poll]").forEach((part) => window.htmx && htmx.trigger(part, "bh:ask"));
  document.addEventListener("visibilitychange", () => !document.hidden && askAgain());
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) {
      document.dispatchEvent(new CustomEvent("bh:logged-out"));
      loggedOut(true);
    }
    if (polls(event)) {
      if (status !== 401) connection(false);
      return;
    }
    toast({message: status === 401 ? words().login : explain(event.detail.xhr), kind: "bad"});
  });
  // A problem document carries one plain sentence for the reader; anything else does not.
  const explain = (xhr) => {
    if ((xhr.getResponseHeader("Content-Type") || "").startsWith("application/problem+json")) {
      try {
        return JSON.parse(xhr.responseText).detail || words().failed;
      } catch {
        return words().failed;
      }
    }
    return words().failed;
  };

  const bigNumbers = (text) => text.split(/(\d+)/).filter((piece) => piece.trim()).map((piece) => {
    if (/\d/.test(piece)) return piece;
    const small = document.createElement("small");
    small.textContent = piece.trim();
    return small;
  });
  /* ---- countdown: the server writes it, this keeps it fresh ---- */
  setInterval(() => {
    all("[data-until]").forEach((element) => {
      const minutes = Math.floor((Date.parse(element.dataset.until) - now()) / 60000);
      if (minutes < 0 || Number.isNaN(minutes)) return;
      const text = element.dataset.pattern.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
      if (element.hasAttribute("data-big")) element.replaceChildren(...bigNumbers(text));
      else element.textContent = text;
    });
  }, 30000);

  /* ---- forms: no second press, counters, first error in view ---- */
  const busy = (form, on, button = null) => {
    const pressed = button || one("button[type=submit], button:not([type])", form);
    if (pressed) pressed.toggleAttribute("data-busy", on);
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "dialog") return;
    if (event.target.dataset.sending) return event.preventDefault();
    event.target.dataset.sending = "1";
    busy(event.target, true, event.submitter);
  });
  const release = (form) => {
    if (!form || form.tagName !== "FORM") return;
    delete form.dataset.sending;
    all("[data-busy]", form).forEach((button) => button.removeAttribute("data-busy"));
    all("[data-added]", form).forEach((input) => input.remove());
  };
  document.addEventListener("htmx:afterRequest", (event) => release(event.target.closest("form")));
  addEventListener("pageshow", () => all("form").forEach(release));
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.count) one(field.dataset.count).textContent = `${field.value.length} / ${field.maxLength}`;
    if (field.getAttribute("aria-invalid") === "true" && field.value) field.classList.remove("is-invalid");
  });
  const prepare = (part) => {
    all("[data-count]", part).forEach((field) => (one(field.dataset.count).textContent = `${field.value.length} / ${field.maxLength}`));
    const summary = one("[data-error-summary]", part);
    if (summary) summary.focus();
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));

  window.bh = {one, all, words, toast, now, remember, addHidden, open};
})();
