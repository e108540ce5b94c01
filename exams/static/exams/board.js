/* The board renews itself when the server says that something has changed; what is being written stays as it is. */
(function () {
  "use strict";
  const live = document.getElementById("live"), WAIT = 1500;
  let timer = 0;

  /* Not while somebody fills in a form of the list: it would be gone. */
  function busy() { return live.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") || live.querySelector("details[open]"); }

  function renew() {
    timer = 0;
    if (busy()) { timer = setTimeout(renew, WAIT); return; }
    fetch(location.href, { credentials: "same-origin" }).then(function (response) { return response.ok ? response.text() : ""; }).then(function (html) {
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
      if (fresh && !busy()) live.replaceChildren.apply(live, Array.from(fresh.childNodes));
    }).catch(function () { return; });
  }

  function listen() {
    if (!window.WebSocket) return;
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + live.getAttribute("data-socket"));
    socket.onmessage = function () { if (!timer) timer = setTimeout(renew, 300); };
    socket.onclose = function () { setTimeout(listen, 15000 + Math.random() * 15000); };
  }
  listen();
})();
