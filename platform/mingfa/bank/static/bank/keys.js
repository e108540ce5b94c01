/* Keys for what can be pressed anyway: arrows go from pair to pair, [data-mf-key] elements answer to their key (inside a
   form that is being filled in, with Alt). Everything works without this file, and with the keys switched off. */
(function () {
  "use strict";
  const pairs = Array.from(document.querySelectorAll("[data-mf-pair]"));

  function here() {
    return pairs.find(function (pair) { return pair.contains(document.activeElement); });
  }

  function step(by) {
    const at = pairs.indexOf(here()), next = pairs[Math.max(0, Math.min(pairs.length - 1, at + by))];
    if (next) next.focus();
  }

  document.addEventListener("keydown", function (event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.ctrlKey || event.metaKey || (typing && !event.altKey) || (!event.altKey && !window.mfShortcuts.on())) return;
    if (pairs.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      step(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      return;
    }
    const place = pairs.length ? here() : document;
    const key = event.altKey ? event.code.replace("Digit", "") : event.key.toLowerCase();
    const wanted = place && /^[a-z0-9]$/.test(key) && place.querySelector('[data-mf-key="' + key + '"]');
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    wanted.focus();
  });
})();
