/* Brings the form of an activity back while there is no line. Its scope is that one address.

   Online every request goes to the server; the copy that field.js has put aside is given only when nobody answers, or
   only something before the server does (502-504). It goes as soon as the server says anything else than the form:
   signed out, no longer a 宣传员. base.js throws it away when somebody signs out or another one signs in.

   What waits in the browser is sent from here too, where the browser tells us that the line is back (Background Sync; as of
   2026 Chromium's only). Elsewhere the page sends it when it is opened next. Both may send the same record: its key makes
   it one activity. */
"use strict";
const FORM = new URL("./", self.location).pathname, KEPT = /^mf-field-/, RECORDS = "records";
const PATIENCE = 8000;  // milliseconds until a line that hangs counts as cut

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", function (event) {
  const request = event.request, path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && path === FORM) event.respondWith(form(request));
  else if (request.mode !== "navigate" && path.indexOf("/static/") === 0) event.respondWith(file(request));
});

/* Promise of the person's copies: [cache, …]; base.js sees to it that there is only one. */
function copies() {
  return caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return KEPT.test(name); }).map(function (name) { return caches.open(name); }));
  });
}

function kept(request) {
  return copies().then(function (all) { return all.length ? all[0].match(request) : undefined; });
}

function forget() {
  return caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) { return KEPT.test(name) ? caches.delete(name) : null; }));
  });
}

function form(request) {
  const fresh = fetch(request);
  fresh.catch(function () { return; });
  return kept(FORM).then(function (copy) {
    if (!copy) return fresh;
    const patience = new Promise(function (resolve) { setTimeout(resolve, PATIENCE, null); });
    return Promise.race([fresh, patience]).then(function (response) {
      if (!response || [502, 503, 504].indexOf(response.status) >= 0) return copy;
      if (response.status === 200 || response.status === 500) return response;
      return forget().then(function () { return response; });
    }, function () { return copy; });
  });
}

function file(request) {
  return kept(request).then(function (copy) { return copy || fetch(request); });
}

/* ---- sending while nobody looks at the form ---- */

self.addEventListener("sync", function (event) {
  if (event.tag === "mf-field") event.waitUntil(sendAll());
});

/* Promise; rejected where it should be tried again, which the browser does by itself. */
function sendAll() {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (pages) {
    const watched = pages.some(function (one) { return one.visibilityState === "visible" && new URL(one.url).pathname === FORM; });
    if (watched || !indexedDB.databases || !self.cookieStore) return null;  // the page sends, or nobody can from here
    return Promise.all([indexedDB.databases(), self.cookieStore.get("csrftoken")]).then(function (found) {
      const names = found[0].map(function (one) { return one.name; }).filter(function (name) { return KEPT.test(name); });
      // Records of two people: base.js has not tidied up yet, and whose session this is we cannot know.
      return names.length === 1 && found[1] ? sendFrom(names[0], found[1].value) : null;
    });
  });
}

function sendFrom(name, token) {
  return opened(name).then(function (db) {
    if (!db) return null;
    return asked(db.transaction(RECORDS).objectStore(RECORDS).getAll()).then(function (all) {
      return all.filter(function (one) { return !one.trouble; }).sort(function (a, b) { return a.at - b.at; }).reduce(
        function (before, one) {
          return before.then(function (goOn) { return goOn && sendOne(db, one, token, name.replace(KEPT, "")); });
        }, Promise.resolve(true));
    }).then(function () { db.close(); }, function (failure) { db.close(); throw failure; });
  });
}

/* Promise of false once the server knows nobody: what is left waits for the person. */
function sendOne(db, record, token, person) {
  const body = new FormData();
  record.fields.forEach(function (pair) { body.append(pair[0], pair[1]); });
  record.photos.forEach(function (photo, place) { body.append("photos", photo, "photo-" + (place + 1) + ".jpg"); });
  return fetch(FORM, { method: "POST", body: body, credentials: "same-origin", redirect: "manual",
    headers: { "Accept": "application/json", "X-CSRFToken": token, "X-Mingfa-Person": person } }).then(function (response) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return false;
    if (response.status === 200) return response.json().then(function (reply) { return done(db, record, reply.url); });
    if (response.status === 422) return response.json().then(function (reply) {
      record.trouble = reply.errors;
      return asked(db.transaction(RECORDS, "readwrite").objectStore(RECORDS).put(record)).then(function () { return true; });
    });
    throw new Error(String(response.status));
  });
}

function done(db, record, url) {
  return asked(db.transaction(RECORDS, "readwrite").objectStore(RECORDS).delete(record.key)).then(function () {
    return self.clients.matchAll({ type: "window", includeUncontrolled: true });
  }).then(function (pages) {
    pages.forEach(function (one) { one.postMessage({ delivered: record.key, url: url }); });
    return true;
  });
}

function asked(request) {
  return new Promise(function (resolve, reject) {
    request.onsuccess = function () { resolve(request.result); };
    request.onerror = function () { reject(request.error); };
  });
}

/* Promise of the database, null for one without records; it gives way to base.js, which throws it away. */
function opened(name) {
  return asked(indexedDB.open(name)).then(function (db) {
    db.onversionchange = function () { db.close(); };
    if (db.objectStoreNames.contains(RECORDS)) return db;
    db.close();
    return null;
  });
}
