/* The journal of an open paper: every change and every receipt, written in this browser before anything is sent.

   It is kept for one sitting on one device (`epoch`) and goes with it. localStorage and not IndexedDB: a write is done
   when the call returns, so a change is on record before the reader's finger leaves the screen, in every browser.

   mfJournal(data) → {changed, saved, heard, read, time, forget}. A change is [[options], seq]. */
window.mfJournal = function (data) {
  "use strict";
  const keep = window.mfKeep, KEY = "mf-journal-" + data.sitting;
  const offline = document.documentElement.hasAttribute("data-mf-offline");
  let book = keep.get(KEY, null);
  if (!book || book.epoch !== data.epoch) book = { epoch: data.epoch, pending: {}, saved: {}, times: {}, ends: 0, offset: 0 };
  if (!offline) {
    /* The page comes from the server: what it had stored stands on it. */
    book.saved = {};
    heard(data.now, data.ends);
  }

  function write() { keep.set(KEY, book); }

  function heard(now, ends) {
    if (now) book.offset = now - Date.now();
    if (ends) book.ends = ends;
    write();
  }

  function entries(kept) {
    return Object.keys(kept).map(function (token) {
      const change = kept[token];
      return { token: token, options: change[0], seq: change[1], at: change[2], receipt: change[3] };
    }).filter(function (entry) { return entry.seq > data.seq; });
  }

  return {
    /* Everything unacknowledged; beside it when each was changed, by the server's clock. */
    changed: function (pending) {
      book.pending = pending;
      Object.keys(pending).forEach(function (token) {
        const known = book.times[token];
        if (!known || known[0] !== pending[token][1]) book.times[token] = [pending[token][1], Math.round(Date.now() + book.offset)];
      });
      write();
    },
    saved: function (token, change, at, receipt) { book.saved[token] = [change[0], change[1], at, receipt]; write(); },
    heard: heard,
    /* What the page does not show yet, and the highest seq that was ever used here. */
    read: function () {
      const saved = entries(book.saved), pending = entries(book.pending);
      const highest = saved.concat(pending).reduce(function (most, entry) { return Math.max(most, entry.seq); }, 0);
      return { saved: saved, pending: pending, seq: highest };
    },
    /* The server's time: from the page, or as it was last heard when the page comes from this device. */
    time: function () {
      return offline && book.ends ? { now: Date.now() + book.offset, ends: book.ends } : { now: data.now, ends: data.ends };
    },
    forget: function () {
      keep.drop(KEY);
      if (window.caches) caches.delete("mf-paper-" + data.sitting).catch(function () { return; });
    }
  };
};
