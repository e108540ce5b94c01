/* Where the exam says so: how long the paper was out of sight. A fact for people, nothing follows from it. */
(function () {
  "use strict";
  const data = window.mfPaper.data;
  let since = 0;
  function gone() { if (!since) since = Date.now(); }
  function back() {
    if (!since) return;
    const seconds = Math.round((Date.now() - since) / 1000);
    since = 0;
    if (seconds < 2) return;  // a click beside the window, a message that comes and goes
    fetch(data.left, { method: "POST", body: JSON.stringify({ seconds: seconds }), credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-Sitting-Token": data.token } }).catch(function () { return; });
  }
  document.addEventListener("visibilitychange", function () { if (document.hidden) gone(); else back(); });
  addEventListener("blur", gone);
  addEventListener("focus", back);
})();
