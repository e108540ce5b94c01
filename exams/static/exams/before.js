/* Before starting: say honestly what this browser cannot do. */
(function () {
  "use strict";
  const notice = document.getElementById("no-storage");
  if (notice && !window.mfKeep.works) notice.hidden = false;
})();
