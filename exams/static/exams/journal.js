/* The journal of an open paper: every change and every receipt, kept in this browser for one sitting on one device
   (`epoch`) and gone with it.

   mfJournal(data) → {opened, works, put, saved, heard, forget}. A change is [[options], seq]. */
window.mfJournal = function (data) {
  "use strict";
  const kept = window.mfKept, sitting = data.sitting, offline = document.documentElement.hasAttribute("data-mf-offline");
  const book = { sitting: sitting, epoch: data.epoch, ends: data.ends, offset: data.now - Date.now() };
  let works = true;

  const opened = kept.book(sitting).then(function (found) {
    const same = found && found.epoch === data.epoch;
    if (offline && same) { book.ends = found.ends; book.offset = found.offset; }
    return (same ? kept.answers(sitting) : kept.drop(sitting).then(function () { return []; })).then(function (answers) {
      // The page shows what had this seq or a lower one; from the server it shows everything with a receipt.
      const stands = function (entry) { return entry.seq <= data.seq || !offline && entry.receipt; };
      const old = answers.filter(stands).map(function (entry) { return entry.token; });
      if (old.length) kept.drop(sitting, old);
      return kept.put("books", book).then(function (done) {
        works = done;
        return {
          answers: answers.filter(function (entry) { return !stands(entry); }),
          now: Date.now() + book.offset, ends: book.ends
        };
      });
    });
  });

  /* One after the other: a receipt never overtakes the change it is for. */
  let last = opened;
  function write(entry, sure) {
    last = last.then(function () { return kept.put("answers", entry, sure); });
    return last;
  }

  return {
    /* Promise of what the page does not show yet ({token, options, seq, changed, at, receipt}) and the server's time. */
    opened: opened,
    works: function () { return works; },
    /* Promise of true once this change outlives the browser; `changed` is the moment by the server's clock. */
    put: function (token, change) {
      const moment = Date.now();
      return opened.then(function () {
        const changed = Math.round(moment + book.offset);
        return write({ sitting: sitting, token: token, options: change[0], seq: change[1], changed: changed }, true);
      }).then(function (done) { return works = done; });
    },
    saved: function (token, change, at, receipt) {
      write({ sitting: sitting, token: token, options: change[0], seq: change[1], at: at, receipt: receipt }, false);
    },
    refused: function (token) { last = last.then(function () { return kept.drop(sitting, [token]); }); },
    heard: function (now, ends) {
      if (now) book.offset = now - Date.now();
      if (ends) book.ends = ends;
      opened.then(function () { kept.put("books", book); });
    },
    forget: function () {
      const copy = window.caches ? caches.delete("mf-paper-" + sitting) : null;
      return Promise.all([last.then(function () { return kept.drop(sitting); }), copy]).catch(function () { return; });
    }
  };
};
