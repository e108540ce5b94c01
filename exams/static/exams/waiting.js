/* The place in the queue is asked for again by itself; when the line is away, a little later. */
(function () {
  "use strict";
  const form = document.getElementById("waiting"), again = Number(form.getAttribute("data-again")) * 1000;
  function ask() {
    if (navigator.onLine === false) return setTimeout(ask, again);
    form.submit();
  }
  setTimeout(ask, again * (0.8 + Math.random() * 0.4));
})();
