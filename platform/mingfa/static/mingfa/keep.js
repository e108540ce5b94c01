/* Small things kept in this browser. One that refuses storage only loses the comfort. */
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
