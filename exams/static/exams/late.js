/* What could not be sent before the end goes to the organiser with the time it was changed: neither dropped nor counted.

   mfLate(address, sitting) → promise of the server's words, empty when there was nothing or it could not be sent. */
window.mfLate = function (address, sitting) {
  "use strict";
  const KEY = "mf-journal-" + sitting, book = window.mfKeep.get(KEY, null), changes = {};
  Object.keys((book && book.pending) || {}).forEach(function (token) {
    const time = (book.times || {})[token];
    if (time) changes[token] = [book.pending[token][0], time[1]];
  });
  if (!Object.keys(changes).length) return Promise.resolve("");
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(address, {
    method: "POST", body: JSON.stringify({ epoch: book.epoch, changes: changes }), credentials: "same-origin", keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }
  }).then(function (response) { return response.json(); }).then(function (reply) {
    window.mfKeep.drop(KEY);
    return reply.words || "";
  }).catch(function () { return ""; });  // the journal stays, and the page of the result tries again
};

(function () {
  "use strict";
  const box = document.getElementById("late");
  if (!box) return;
  window.mfLate(box.getAttribute("data-address"), box.getAttribute("data-sitting")).then(function (words) {
    if (words) box.querySelector("div").textContent = words;
    box.hidden = !words;
  });
})();
