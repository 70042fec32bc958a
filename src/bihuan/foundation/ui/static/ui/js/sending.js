/* Forms that survive a bad connection: <form data-send data-draft="key">. They are sent by this script, so that progress
   is shown, photos stay chosen when the page comes back with something to mend, and a send that finds no connection waits
   and goes by itself as soon as there is one. The form's own key (hidden, data-draft-keep) lets the server see a repetition.
   Without this script the form is an ordinary one. */
(() => {
  "use strict";
  const {one, all, words, toast, drafts, files} = window.bh;
  const AGAIN = 15000;
  const SAID = "bh-said";
  const waiting = new Map();
  const going = new WeakSet();

  /* ---- what is said while it goes ---- */
  const buttonOf = (form) => one("[type=submit]", form) || one(`[type=submit][form="${form.id}"]`);
  const placeOf = (form) => {
    const button = buttonOf(form);
    const bar = button.closest(".m-sticky");
    const known = bar ? one(".m-sending", bar) : button.previousElementSibling;
    if (known && known.matches(".m-sending")) return known;
    const made = one("#bh-sending").content.firstElementChild.cloneNode(true);
    if (bar) bar.prepend(made); // where it is seen wherever the page stands
    else button.before(made);
    one("button", made).addEventListener("click", () => {
      stop(form);
      made.remove();
      buttonOf(form).focus();
    });
    return made;
  };
  const say = (form, text, {share = null, waits = false} = {}) => {
    const place = placeOf(form);
    const bar = one("progress", place);
    const said = one("[role=status]", place);
    bar.hidden = share === null;
    if (share !== null) bar.value = share;
    one("button", place).hidden = !waits;
    // Only whole changes of the sentence are read out; the bar has its own value.
    if (said.textContent !== text) said.textContent = text;
  };
  const quiet = (form) => placeOf(form).remove();
  const release = (form) => {
    delete form.dataset.sending;
    buttonOf(form).removeAttribute("data-busy");
  };

  /* ---- wait for a connection ---- */
  const stop = (form) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    drafts.save(form);
  };
  const wait = (form) => {
    release(form);
    clearTimeout(waiting.get(form));
    drafts.save(form);
    say(form, words().waiting, {waits: true});
    waiting.set(form, setTimeout(() => again(form), AGAIN));
  };
  const again = (form) => form.isConnected && waiting.has(form) && form.requestSubmit();
  addEventListener("online", () => [...waiting.keys()].forEach(again));

  /* ---- what came back ---- */
  const parsed = (request) => new DOMParser().parseFromString(request.responseText, "text/html");
  const show = (form, page) => {
    const kept = files.chosen(form);
    const came = one(".m-wrap", page); // the bar at the foot belongs to the form, too
    if (!came) return failed(form);
    // When something else must be filled first, what was typed waits on the device.
    if (!one(`form[data-draft="${form.dataset.draft}"]`, came)) drafts.save(form);
    release(form);
    quiet(form);
    const wrap = one(".m-wrap");
    wrap.replaceChildren(...[...came.childNodes].map((node) => document.importNode(node, true)));
    files.restore(wrap, kept);
    if (window.htmx) window.htmx.process(wrap);
    wrap.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
    scrollTo(0, 0);
  };
  const failed = (form) => {
    release(form);
    quiet(form);
    drafts.save(form);
    toast({message: words().failed, kind: "bad"});
  };
  const done = (form, request) => {
    drafts.clear(form.dataset.draft);
    // The page that came back is read again as the next page, but its notices are shown only once.
    const said = all("[data-toast]", parsed(request)).map((box) => ({
      message: one(".text", box).textContent.trim(),
      kind: box.classList.contains("is-bad") ? "bad" : "ok",
    }));
    sessionStorage.setItem(SAID, JSON.stringify(said));
    location.assign(request.responseURL);
  };
  // A page that lay open longer than its session carries an old token: fetch a new one, once, and send again.
  const renewed = async (form) => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = one("input[name=csrfmiddlewaretoken]", page);
    const old = one("input[name=csrfmiddlewaretoken]", form);
    if (!fresh || !old || fresh.value === old.value) return false;
    old.value = fresh.value;
    return true;
  };
  const arrived = async (form, request) => {
    const to = new URL(request.responseURL || location.href);
    if (request.status === 403 && !form.dataset.renewed) {
      form.dataset.renewed = "1";
      if (await renewed(form).catch(() => false)) return send(form);
    }
    delete form.dataset.renewed;
    if (request.status >= 500) return failed(form);
    if (request.status >= 400) return show(form, parsed(request));
    if (to.pathname.endsWith("/accounts/login/")) drafts.save(form);
    else return done(form, request);
    location.assign(to.href);
  };

  const send = (form) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    form.dataset.sending = "1";
    if (navigator.onLine === false) return wait(form);
    going.add(form);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    say(form, words().sending, {share: 0});
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) say(form, words().sending, {share: event.loaded / event.total});
    });
    request.addEventListener("load", () => {
      // What was taken is on its way to the next page and must not go again from this one.
      if (request.status >= 400) going.delete(form);
      arrived(form, request);
    });
    request.addEventListener("error", () => {
      going.delete(form);
      wait(form);
    });
    request.send(new FormData(form));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-send]")) return;
    event.preventDefault();
    if (!going.has(form)) send(form);
  });

  const said = JSON.parse(sessionStorage.getItem(SAID) || "[]");
  sessionStorage.removeItem(SAID);
  said.forEach(toast);
})();
