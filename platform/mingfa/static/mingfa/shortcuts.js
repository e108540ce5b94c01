/* Single keys that do something can be switched off, once for every page of this browser; the exam's paper keeps the same
   answer. Load after keep.js and before the script with the keys, which asks mfShortcuts.on(). [data-mf-keys] shows only
   while scripts run; [data-mf-keys-switch] is the button. */
window.mfShortcuts = (function () {
  "use strict";
  const buttons = document.querySelectorAll("[data-mf-keys-switch]");
  let on = window.mfKeep.get("mf-keys", true);

  function show() {
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", on ? "true" : "false");
      button.textContent = on ? "快捷键已打开" : "快捷键已关闭";
    });
  }

  buttons.forEach(function (button) {
    button.addEventListener("click", function () { on = !on; window.mfKeep.set("mf-keys", on); show(); });
  });
  document.querySelectorAll("[data-mf-keys]").forEach(function (hint) { hint.hidden = false; });
  show();
  return { on: function () { return on; } };
})();
