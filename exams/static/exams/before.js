/* Before starting: say honestly what this browser cannot do. */
window.mfKept.works().then(function (works) {
  "use strict";
  const notice = document.getElementById("no-storage"), plain = document.getElementById("no-reload");
  if (notice) notice.hidden = works;
  if (plain) plain.hidden = !works || !!navigator.serviceWorker;
});
