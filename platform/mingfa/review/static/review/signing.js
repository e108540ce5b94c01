/* One text after another without the mouse: Ctrl+Enter signs, Ctrl+↓ and Ctrl+↑ go on and back. */
document.addEventListener("keydown", function (event) {
  "use strict";
  if (!event.ctrlKey || event.isComposing || event.defaultPrevented) { return; }
  // In the opinion the arrows belong to the text.
  if (event.key !== "Enter" && event.target.tagName === "TEXTAREA") { return; }
  const target = document.querySelector('[data-mf-key="' + (["Enter", "ArrowUp", "ArrowDown"].includes(event.key) ? event.key : "") + '"]');
  if (target) {
    event.preventDefault();
    target.click();
  }
});
