/* What this browser keeps of an open paper: one database per person, thrown away by base.js when another one signs in.

   IndexedDB and not localStorage, which writes to the disk seconds later and loses those when the browser dies; `sure`
   waits until the disk has it. Where the browser keeps nothing (private window, storage full or off), everything works
   in memory until the page is left, and `works` says so. */
window.mfKept = (function () {
  "use strict";
  const PATIENCE = 3000;  // milliseconds; a browser that has not answered by then keeps nothing yet
  const memory = {};
  let opening = null;

  function open() {
    if (opening) return opening;
    const name = "mf-paper-" + document.documentElement.getAttribute("data-mf-person");
    let patient = true;
    const late = new Promise(function (resolve) { setTimeout(resolve, PATIENCE, null); });
    const ready = Promise.resolve().then(function () {
      return window.idb.openDB(name, 1, {
        upgrade: function (db) {
          db.createObjectStore("books", { keyPath: "sitting" });
          db.createObjectStore("answers", { keyPath: ["sitting", "token"] });
        },
        blocking: function (current, next, event) { event.target.close(); }  // signed out in another window
      });
    }).catch(function () { return null; });
    late.then(function () { patient = false; });
    ready.then(function (db) {
      if (!db || patient) return;
      opening = ready;  // a slow device keeps what it was given too early, and everything from now on
      Object.keys(memory).forEach(function (one) { db.put(one.indexOf("book ") ? "answers" : "books", memory[one]).catch(function () { return; }); });
    });
    opening = Promise.race([late, ready]);
    return opening;
  }

  function key(store, value) { return store === "books" ? "book " + value.sitting : "answer " + value.sitting + " " + value.token; }

  /* Promise of true once it is kept: on the disk when `sure`. */
  function put(store, value, sure) {
    memory[key(store, value)] = value;
    return open().then(function (db) {
      if (!db) return false;
      const change = db.transaction(store, "readwrite", { durability: sure ? "strict" : "relaxed" });
      return Promise.all([change.store.put(value), change.done]).then(function () { return true; });
    }).catch(function () { return false; });
  }

  function remembered(sitting) {
    return Object.keys(memory).filter(function (name) { return name.indexOf("answer " + sitting + " ") === 0; })
      .map(function (name) { return memory[name]; });
  }

  return {
    put: put,
    works: function () { return put("books", { sitting: 0 }, true); },
    book: function (sitting) {
      return open().then(function (db) { return db && db.get("books", sitting); }).catch(function () { return null; });
    },
    /* Promise of all answers kept for a sitting, with and without receipt. */
    answers: function (sitting) {
      return open().then(function (db) {
        return db ? db.getAll("answers", IDBKeyRange.bound([sitting], [sitting, []])) : remembered(sitting);
      }).catch(function () { return remembered(sitting); });
    },
    /* Forget answers by name, or everything of the sitting. */
    drop: function (sitting, tokens) {
      Object.keys(memory).forEach(function (name) {
        const words = name.split(" ");
        if (words[1] === String(sitting) && (!tokens || tokens.indexOf(words[2]) >= 0)) delete memory[name];
      });
      return open().then(function (db) {
        if (!db) return null;
        const change = db.transaction(["books", "answers"], "readwrite"), answers = change.objectStore("answers");
        if (tokens) tokens.forEach(function (token) { answers.delete([sitting, token]); });
        else {
          answers.delete(IDBKeyRange.bound([sitting], [sitting, []]));
          change.objectStore("books").delete(sitting);
        }
        return change.done;
      }).catch(function () { return null; });
    }
  };
})();
