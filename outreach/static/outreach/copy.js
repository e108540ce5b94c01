/* A button that takes the sentence beside it along; hidden where the browser cannot. */
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const from = document.getElementById(button.getAttribute("data-copy"));
      navigator.clipboard.writeText(from.textContent.replace(/\s+/g, " ").trim()).then(function () {
        button.textContent = "已复制";
      }).catch(function () { button.textContent = "没有复制成，请选中文字复制"; });
    });
  });
})();
