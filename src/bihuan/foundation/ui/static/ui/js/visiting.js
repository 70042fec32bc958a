/* Reports of visits that survive a lost connection and a closed page: <form data-visit>. What is sent is first put into
   this device's own store, photos and all, under a key of its own; it leaves the store when the server has it. Whatever
   waits goes by itself: as soon as there is a connection, or when a form is opened again by the same reader. The key lets
   the server see a repetition. What the server will never take is listed with the reason: [data-refused], a template of one
   line in it. Without this script the form is an ordinary one. */
(() => {
  "use strict";
  const {one, toast, drafts} = window.bh;
  const AGAIN = 15000;
  const form = one("form[data-visit]");
  if (!form) return;
  const reader = document.documentElement.dataset.reader || "";
  const place = one("[data-held]");
  const refusals = one("[data-refused]");
  let busy = false;

  /* ---- the store ---- */
  const opened = new Promise((done, wrong) => {
    const request = indexedDB.open("bh-visits", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("waiting", {keyPath: "key"});
    request.onsuccess = () => done(request.result);
    request.onerror = () => wrong(request.error);
  });
  const store = async (mode, run) => {
    const database = await opened;
    return new Promise((done, wrong) => {
      const deed = database.transaction("waiting", mode);
      const request = run(deed.objectStore("waiting"));
      deed.oncomplete = () => done(request.result);
      deed.onerror = deed.onabort = () => wrong(deed.error);
    });
  };
  const waiting = async () => (await store("readonly", (all) => all.getAll())).filter((item) => item.reader === reader);
  const show = async () => {
    const count = (await waiting()).filter((item) => !item.refused).length;
    place.hidden = count === 0;
    place.textContent = count === 1 ? place.dataset.one : place.dataset.many.replace("…", count);
    await list();
  };

  /* ---- what was refused: why, what it says, and what to do ---- */
  const list = async () => {
    if (!refusals) return;
    const items = (await waiting()).filter((item) => item.refused);
    refusals.hidden = items.length === 0;
    one("[data-refused-list]", refusals).replaceChildren(...items.map(line));
  };
  const line = (item) => {
    const made = one("template", refusals).content.firstElementChild.cloneNode(true);
    const said = new Map(item.fields.filter(([, value]) => typeof value === "string"));
    const words = ["text", "finding", "stated_title", "stated"].map((name) => said.get(name)).filter(Boolean);
    one("[data-when]", made).textContent = new Date(said.get("taken_at")).toLocaleString();
    one("[data-why]", made).textContent = item.why || "";
    one("[data-text]", made).textContent = words.join("\n");
    one("[data-to]", made).href = item.address;
    one("[data-again]", made).addEventListener("click", async () => {
      await store("readwrite", (all) => all.put({...item, refused: false}));
      await show();
      await flush();
    });
    one("[data-away]", made).addEventListener("click", async () => {
      await store("readwrite", (all) => all.delete(item.key));
      await show();
    });
    return made;
  };

  /* ---- sending ---- */
  const token = async (address) => {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const found = one("form[data-visit] input[name=csrfmiddlewaretoken]", page);
    return found ? found.value : "";
  };
  const post = async (item) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", await token(item.address));
    item.fields.forEach(([name, value]) => body.append(name, value));
    return fetch(item.address, {method: "POST", body});
  };
  // True: it is over with this one, whatever became of it. A lost connection throws.
  const send = async (item) => {
    const answer = await post(item);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const kept = one("[data-kept]", page);
    if (answer.ok && kept) {
      await store("readwrite", (all) => all.delete(item.key));
      return page;
    }
    // Logged out, or too many at once: it waits. Anything else the server will never take: it stays, and says so.
    if (answer.ok || [401, 403, 429].includes(answer.status) || answer.status >= 500) return null;
    item.refused = true;
    const reason = one("main h1, main .title, main", page) || page.body;
    item.why = reason.textContent.trim().replace(/\s+/g, " ").slice(0, 200);
    await store("readwrite", (all) => all.put(item));
    toast({message: item.why, kind: "bad"});
    return null;
  };
  const flush = async (current = "") => {
    if (busy || navigator.onLine === false) return;
    busy = true;
    try {
      for (const item of await waiting()) {
        if (item.refused) continue;
        const page = await send(item);
        if (page && item.key === current) {
          drafts.clear(form.dataset.draft);
          const came = one(".m-wrap", page);
          one(".m-wrap").replaceChildren(...[...came.childNodes].map((node) => document.importNode(node, true)));
          return;
        }
      }
    } catch {
      /* No connection: the store keeps it. */
    } finally {
      busy = false;
      if (place.isConnected) await show();
    }
  };

  const written = () => {
    const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "key", "taken_at"].includes(name));
    return fields.filter(([, value]) => !(value instanceof File) || value.size);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((part) => part.toString(16).padStart(2, "0")).join("");
    const fields = [...written(), ["key", key], ["taken_at", new Date().toISOString()]];
    try {
      await store("readwrite", (all) => all.put({key, reader, address: form.action, fields}));
    } catch {
      form.submit(); // A full or forbidden store: the ordinary way.
      return;
    }
    form.reset();
    drafts.clear(form.dataset.draft);
    await show();
    await flush(key);
  });
  addEventListener("online", () => flush());
  setInterval(() => flush(), AGAIN);
  show().then(() => flush());
})();
