/* Brings an open paper back when it is reloaded while the server cannot be reached. Its scope is one sitting.

   Online every request goes to the server; only when that fails is the copy given that offline.js has put aside. The
   copy goes as soon as the server says anything else than the paper: handed in, signed out, taken over. */
"use strict";
const PAPER = new URL("./", self.location).pathname, KEPT = "mf-paper-" + PAPER.replace(/\D/g, "");

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", function (event) {
  const request = event.request, path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === PAPER) event.respondWith(paper(request));
  else if (request.mode !== "navigate" && path.indexOf("/static/") === 0) event.respondWith(file(request));
});

function paper(request) {
  return fetch(request).then(function (response) {
    if (response.status === 200 || response.status >= 500) return response;
    return caches.delete(KEPT).then(function () { return response; });
  }).catch(function (problem) {
    return caches.match(PAPER, { cacheName: KEPT }).then(function (kept) {
      if (!kept) throw problem;
      return kept;
    });
  });
}

function file(request) {
  return caches.match(request, { cacheName: KEPT }).then(function (kept) { return kept || fetch(request); });
}
