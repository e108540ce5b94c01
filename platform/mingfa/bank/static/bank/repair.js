/* Keys of 核对: J and K for the next and the one before, Enter confirms, digits tick a suggested article. What was typed is
   kept on the way to another question. Everything works without this file, with the buttons. */
(function () {
  "use strict";
  const form = document.querySelector("[data-mf-repair]");
  let dirty = false;
  if (form) form.addEventListener("input", function () { dirty = true; });

  function press(button) {
    if (button && !button.disabled) button.click();
  }

  function leave(event, link) {
    if (!link) return;
    const keep = form && form.querySelector('[name="do"][value="keep"]');
    if (!dirty || !keep) {
      if (!event.target.closest || event.target.closest("a") !== link) link.click();
      return;
    }
    event.preventDefault();
    form.querySelector('[name="goto"]').value = link.dataset.mfPlace;
    press(keep);
  }

  document.querySelectorAll("a[data-mf-place]").forEach(function (link) {
    link.addEventListener("click", function (event) { if (dirty && !event.ctrlKey && !event.metaKey) leave(event, link); });
  });

  document.addEventListener("keydown", function (event) {
    const at = event.target, text = at.tagName === "TEXTAREA" || at.tagName === "SELECT" || /^(text|search|number)$/.test(at.type);
    const confirm = document.querySelector("[data-mf-confirm]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); press(confirm); return; }
    if (event.ctrlKey || event.metaKey || event.isComposing || (text && !event.altKey)) return;
    const key = event.altKey ? event.code.replace(/^(Digit|Key)/, "").toLowerCase() : event.key.toLowerCase();
    const single = key.length === 1 && !event.altKey;
    if (single && !window.mfShortcuts.on()) return;
    if (key === "j" || key === "k") {
      event.preventDefault();
      leave(event, document.querySelector(key === "j" ? "[data-mf-next]" : "[data-mf-before]"));
    } else if (key === "enter" && !at.closest("a, button, summary")) {
      event.preventDefault();
      press(confirm);
    } else if (/^[1-9]$/.test(key)) {
      const tick = document.querySelector('[data-mf-key="' + key + '"]');
      if (tick) { event.preventDefault(); tick.click(); }
    }
  });
})();
