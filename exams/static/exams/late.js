/* What could not be sent before the end goes to the organiser with the time it was changed: neither dropped nor counted.

   mfLate(address, sitting) → promise of the server's words, empty when there was nothing or it could not be sent. Only
   what the server has decided about is forgotten here; after a fault on the way the next page tries again. */
window.mfLate = function (address, sitting) {
  "use strict";
  const kept = window.mfKept;
  return Promise.all([kept.book(sitting), kept.answers(sitting)]).then(function (found) {
    const changes = {}, waiting = found[1].filter(function (entry) { return !entry.receipt; });
    waiting.forEach(function (entry) { changes[entry.token] = [entry.options, entry.changed]; });
    if (!waiting.length || !found[0]) return "";
    const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
    return fetch(address, {
      method: "POST", body: JSON.stringify({ epoch: found[0].epoch, changes: changes }), credentials: "same-origin", keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }
    }).then(function (response) {
      return response.json().then(function (reply) {
        if (response.status === 200 || response.status === 409) kept.drop(sitting, Object.keys(changes));
        return reply.words || "";
      });
    });
  }).catch(function () { return ""; });
};

/* The page of the result: the server says whether anything may still be brought; if not, nothing stays behind. */
(function () {
  "use strict";
  const box = document.getElementById("late");
  if (!box) return;
  const address = box.getAttribute("data-address"), sitting = Number(box.getAttribute("data-sitting"));
  if (window.caches) caches.delete("mf-paper-" + sitting).catch(function () { return; });
  if (!address) return window.mfKept.drop(sitting);
  window.mfLate(address, sitting).then(function (words) {
    box.querySelector("div").textContent = words;
    box.hidden = !words;
  });
})();
