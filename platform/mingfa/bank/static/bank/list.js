/* The list of a bank: shift-click ticks a stretch, and ticking a row means “the ticked ones”. Works without this file. */
(function () {
  "use strict";
  var form = document.getElementById("bulk");
  if (!form) return;
  var boxes = Array.prototype.slice.call(form.querySelectorAll("input[name=pick]")), last = null;
  form.addEventListener("click", function (event) {
    var box = event.target, at = boxes.indexOf(box);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      for (var i = Math.min(at, last); i <= Math.max(at, last); i++) boxes[i].checked = box.checked;
    }
    last = at;
    form.querySelector("input[name=everything][value='']").checked = true;
  });
})();
