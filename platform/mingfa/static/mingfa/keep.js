/* Small things kept in this browser. `works` is false where it keeps nothing: private windows, storage full or off. */
window.mfKeep = {
  get: function (key, fallback) {
    try {
      const text = localStorage.getItem(key);
      return text === null ? fallback : JSON.parse(text);
    } catch (refusal) { return fallback; }
  },
  set: function (key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (refusal) { return; } },
  drop: function (key) { try { localStorage.removeItem(key); } catch (refusal) { return; } }
};
window.mfKeep.works = (function () {
  "use strict";
  try {
    localStorage.setItem("mf-probe", "1");
    localStorage.removeItem("mf-probe");
    return true;
  } catch (refusal) { return false; }
})();
