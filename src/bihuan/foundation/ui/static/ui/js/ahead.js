/* <div data-keep="address address" data-worker="script">: pages that shall open without a connection later. Without a
   service worker nothing is kept ahead, and a form that is open already still waits for a connection by itself. */
(() => {
  "use strict";
  const place = document.querySelector("[data-keep]");
  const reader = document.documentElement.dataset.reader;
  if (!place || !reader || !("serviceWorker" in navigator)) return;
  const keep = place.dataset.keep.split(" ").filter(Boolean);
  navigator.serviceWorker.register(place.dataset.worker)
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => ready.active.postMessage({reader, keep}))
    .catch(() => {});
})();
