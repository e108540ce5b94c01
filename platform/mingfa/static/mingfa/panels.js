/* Panels that lie over the page (answer sheet, a question before a step): focus stays inside, Escape and the
   veil close, focus returns to where it was. Needs an element with id "veil". */
window.mfPanels = (function () {
  "use strict";
  const veil = document.getElementById("veil");
  let opened = null, opener = null;

  function focusables() {
    return Array.prototype.filter.call(opened.querySelectorAll("a[href], button, input, select"), function (one) {
      return one.offsetParent !== null && !one.disabled;
    });
  }

  function open(panel) {
    if (opened) close();
    opener = document.activeElement;
    opened = panel;
    panel.hidden = false;
    panel.classList.add("is-open");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-modal", "true");
    veil.hidden = false;
    focusables()[0].focus();
  }

  /* stay: the caller moves the focus itself. */
  function close(stay) {
    if (!opened) return;
    opened.classList.remove("is-open");
    opened.removeAttribute("role");
    opened.removeAttribute("aria-modal");
    if (opened.classList.contains("mf-dialog")) opened.hidden = true;
    opened = null;
    veil.hidden = true;
    if (opener && stay !== true) opener.focus();
  }

  veil.addEventListener("click", close);
  Array.prototype.forEach.call(document.querySelectorAll("[data-close]"), function (button) {
    button.addEventListener("click", close);
  });
  document.addEventListener("keydown", function (event) {
    if (!opened) return;
    if (event.key === "Escape") return close();
    if (event.key !== "Tab") return;
    const inside = focusables(), first = inside[0], last = inside[inside.length - 1];
    const edge = event.shiftKey ? first : last;
    if (document.activeElement !== edge && opened.contains(document.activeElement)) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  });

  return { open: open, close: close, isOpen: function () { return opened !== null; } };
})();

/* A new element with a class and a text, both optional. */
window.mfElement = function (name, className, text) {
  "use strict";
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== "") made.textContent = text;
  return made;
};
