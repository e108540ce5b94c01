/* Puts the open paper aside, as it came from the server, so that worker.js can bring it back without one.

   Runs before the other scripts change the page. Needs HTTPS (or localhost); elsewhere nothing is kept and the notice
   page has said so. base.js and the end of the paper throw the copy away. */
(function () {
  "use strict";
  const root = document.documentElement, sitting = location.pathname.replace(/\D/g, "");
  if (!navigator.serviceWorker || !window.caches || root.hasAttribute("data-mf-offline")) return;
  const html = "<!doctype html>" + root.outerHTML.replace("<html", "<html data-mf-offline");
  const policy = JSON.parse(document.getElementById("sitting-data").textContent).policy;

  function files() {
    const loaded = performance.getEntriesByType("resource").map(function (one) { return one.name; });
    return loaded.filter(function (address) { return address.indexOf(location.origin + "/static/") === 0; });
  }

  addEventListener("load", function () {
    navigator.serviceWorker.register("worker.js").then(function () { return caches.open("mf-paper-" + sitting); }).then(function (kept) {
      const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, "Cache-Control": "no-store" };
      return Promise.all([kept.put(location.pathname, new Response(html, { headers: headers })), kept.addAll(Array.from(new Set(files())))]);
    }).then(function () { root.setAttribute("data-mf-kept", ""); }).catch(function () { return; });  // works on without
  });
})();
