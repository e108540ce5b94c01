/* Before starting: say honestly what this browser cannot do. */
(function () {
  "use strict";
  const notice = document.getElementById("no-storage");
  if (notice && !window.mfKeep.works) notice.hidden = false;
  const plain = document.getElementById("no-reload");
  if (plain && window.mfKeep.works && !navigator.serviceWorker) plain.hidden = false;
})();
