/* Records of activities that wait in this browser: one database per person, thrown away by base.js when the person signs
   out or another one signs in. Where the browser keeps nothing (private window, storage full or off) they wait in memory
   until the page is left, and `put` says so.

   A record is {key, at, fields: [[name, value], …], photos: [Blob, …], trouble: [{field, text}, …] or null}. */
window.mfUnsent = (function () {
  "use strict";
  const PATIENCE = 3000;  // milliseconds; a browser that does not answer keeps nothing
  const memory = {}, person = document.documentElement.getAttribute("data-mf-person");
  let opening = null;

  function open() {
    if (opening) return opening;
    const late = new Promise(function (resolve) { setTimeout(resolve, PATIENCE, null); });
    opening = Promise.race([late, Promise.resolve().then(function () {
      return window.idb.openDB("mf-field-" + person, 1, {
        upgrade: function (db) { db.createObjectStore("records", { keyPath: "key" }); },
        blocking: function (current, next, event) { event.target.close(); }  // signed out in another window
      });
    }).catch(function () { return null; })]);
    return opening;
  }

  function list() {
    return open().then(function (db) { return db ? db.getAll("records") : []; }).catch(function () { return []; })
      .then(function (all) {
        const there = all.map(function (one) { return one.key; });
        Object.keys(memory).forEach(function (key) { if (there.indexOf(key) < 0) all.push(memory[key]); });
        return all.sort(function (a, b) { return a.at - b.at; });
      });
  }

  return {
    list: list,
    /* Promise of true once it outlives the browser. */
    put: function (record) {
      memory[record.key] = record;
      return open().then(function (db) {
        if (!db) return false;
        const change = db.transaction("records", "readwrite", { durability: "strict" });
        return Promise.all([change.store.put(record), change.done]).then(function () { return true; });
      }).catch(function () { return false; });
    },
    drop: function (key) {
      delete memory[key];
      return open().then(function (db) { return db && db.delete("records", key); }).catch(function () { return null; });
    }
  };
})();
