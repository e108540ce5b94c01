/* Brings an open paper back when it is reloaded while the server cannot be reached. Its scope is one sitting.

   Online every request goes to the server; the copy that offline.js has put aside is given only when nobody answers, or
   only something before the server does (502-504). It goes as soon as the server says anything else than the paper:
   handed in, signed out, taken over. */
"use strict";
const PAPER = new URL("./", self.location).pathname, KEPT = "mf-paper-" + PAPER.replace(/\D/g, "");
const PATIENCE = 8000;  // milliseconds until a line that hangs counts as cut

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", function (event) {
  const request = event.request, path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === PAPER) event.respondWith(paper(request));
  else if (request.mode !== "navigate" && path.indexOf("/static/") === 0) event.respondWith(file(request));
});

function paper(request) {
  const fresh = fetch(request);
  fresh.catch(function () { return; });
  return caches.match(PAPER, { cacheName: KEPT }).then(function (kept) {
    if (!kept) return fresh;
    const patience = new Promise(function (resolve) { setTimeout(resolve, PATIENCE, null); });
    return Promise.race([fresh, patience]).then(function (response) {
      if (!response || [502, 503, 504].indexOf(response.status) >= 0) return kept;
      if (response.status === 200 || response.status === 500) return response;
      return caches.delete(KEPT).then(function () { return response; });
    }, function () { return kept; });
  });
}

function file(request) {
  return caches.match(request, { cacheName: KEPT }).then(function (kept) { return kept || fetch(request); });
}
