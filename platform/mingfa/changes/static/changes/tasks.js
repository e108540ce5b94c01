/* Review tasks by keyboard: J and K go to the next and the previous task, A ticks all of the page. Space ticks by itself. */
(function () {
  'use strict';
  var form = document.querySelector('[data-mf-tasks]');
  if (!form) { return; }
  var boxes = Array.prototype.slice.call(form.querySelectorAll('input[name="task"]'));
  document.addEventListener('keydown', function (event) {
    var tag = document.activeElement && document.activeElement.type;
    if (event.altKey || event.ctrlKey || event.metaKey || tag === 'text' || tag === 'select-one' || !window.mfShortcuts.on()) { return; }
    var key = event.key.toLowerCase();
    var at = boxes.indexOf(document.activeElement);
    if (key === 'j' || key === 'k') {
      var next = boxes[key === 'j' ? Math.min(at + 1, boxes.length - 1) : Math.max(at - 1, 0)];
      if (next) { next.focus(); }
    } else if (key === 'a') {
      var all = boxes.some(function (box) { return !box.checked; });
      boxes.forEach(function (box) { box.checked = all; });
    } else { return; }
    event.preventDefault();
  });
}());
