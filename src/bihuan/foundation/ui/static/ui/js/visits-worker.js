/* Service worker of the visits, and of nothing else: the forms of visits that are to come open without a connection, even
   if they have not been opened before. The list of one's visits names them; each is fetched once while there is a connection,
   with the parts its page names. The network always comes first. What is kept belongs to one reader of this device: another
   reader, a refusal and a week end it. Nothing is sent from here: what is written waits in the page's own store. */
"use strict";
const KEPT = "bh-visits";
const READER = "/outreach/visits/reader";
const FORM = /^\/outreach\/visits\/[0-9a-f-]{36}\/report\/$/;
const WEEK = 7 * 86400000;
const path = (address) => new URL(address, self.location).pathname;

const only = async (reader) => {
  const known = await (await caches.open(KEPT)).match(READER);
  if (known && (await known.text()) !== reader) await caches.delete(KEPT);
  await (await caches.open(KEPT)).put(READER, new Response(reader));
};
const parts = (page) => new Set([...page.matchAll(/(?:href|src)="(\/static\/[^"#?]+)/g)].map((found) => found[1]));
const keep = async (address) => {
  const answer = await fetch(address, {credentials: "same-origin"});
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(KEPT);
  const page = await answer.clone().text();
  for (const part of parts(page)) if (!(await cache.match(part))) await cache.add(part);
  await cache.put(path(address), answer); // last, so that a form that is there is there whole
};
const fresh = (answer) => Date.now() - Date.parse(answer.headers.get("Date") || 0) < WEEK;
const form = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) await caches.delete(KEPT);
    return answer;
  } catch (lost) {
    const kept = await (await caches.open(KEPT)).match(path(request.url));
    if (kept && fresh(kept)) return kept;
    throw lost;
  }
};
const part = async (request) => {
  try {
    return await fetch(request);
  } catch (lost) {
    const kept = await (await caches.open(KEPT)).match(path(request.url));
    if (kept) return kept;
    throw lost;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil((async () => {
  await only(event.data.reader);
  for (const address of event.data.keep) if (FORM.test(path(address))) await keep(address);
})()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && FORM.test(address.pathname)) event.respondWith(form(event.request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(part(event.request));
});
