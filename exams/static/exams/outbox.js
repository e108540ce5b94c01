/* What has been changed on the paper and is not yet acknowledged: sent, sent again, and kept in the journal meanwhile.

   Protocol of a save: {"changes": {question: [[options], seq]}}. Every request carries everything that has not
   been acknowledged; a change is saved only when the reply names its question with the same or a higher seq.
   One request at a time.

   mfOutbox(data, journal, page): `page` is told what happens by pending, saved, refused, sending, trouble, recovered,
   time and over. */
window.mfOutbox = function (data, journal, page) {
  "use strict";
  const COLLECT = 600, ENOUGH = 15000, FIRST_RETRY = 500, LAST_RETRY = 10000;  // milliseconds
  let pending = {};          // token -> [[options], seq]
  let kept = {};             // token -> seq that is on this device's disk
  let seq = data.seq, timer = 0, failures = 0, running = null, stopped = false;

  function count() { return Object.keys(pending).length; }

  function tell(token) { page.pending(token, { offline: failures > 0, kept: kept[token] === pending[token][1] }); }

  function put(token, options) {
    const change = pending[token] = [options, ++seq];
    tell(token);
    journal.put(token, change).then(function (done) {
      if (done) kept[token] = change[1];
      if (pending[token] === change && failures) tell(token);
    });
    if (!timer && !running && !stopped) timer = setTimeout(send, COLLECT);
  }

  /* What the journal brought back: with a receipt it is shown, without one it is sent again. */
  function restore(answers) {
    answers.forEach(function (entry) { seq = Math.max(seq, entry.seq); });
    // Changed while the journal was being opened: newer than everything in it.
    Object.keys(pending).forEach(function (token) { put(token, pending[token][0]); });
    answers.forEach(function (entry) {
      if (pending[entry.token]) return;
      page.restored(entry.token, entry.options);
      if (entry.receipt) return page.saved(entry.token, entry.at, entry.receipt);
      // Its moment stays that of the change, so it is not written anew.
      pending[entry.token] = [entry.options, entry.seq];
      kept[entry.token] = entry.seq;
      tell(entry.token);
    });
    send();
  }

  function request(keepalive) {
    return { method: "POST", body: JSON.stringify({ changes: pending }), keepalive: keepalive, credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-Sitting-Token": data.token } };
  }

  function send() {
    if (running) return running;
    clearTimeout(timer);
    timer = 0;
    if (stopped || !count()) return Promise.resolve();
    const options = request(false), control = window.AbortController ? new AbortController() : null;
    if (control) options.signal = control.signal;
    const limit = setTimeout(function () { if (control) control.abort(); }, ENOUGH);
    if (failures) page.sending(count());
    running = fetch(data.save, options).then(function (response) {
      return response.json().then(function (reply) { received(response, reply); });
    }).catch(failed).then(function () {
      clearTimeout(limit);
      running = null;
      if (!stopped && !timer && count()) timer = setTimeout(send, failures ? pause() : COLLECT);
    });
    return running;
  }

  function received(response, reply) {
    const now = Number(response.headers.get("X-Server-Time")) || reply.now;
    page.time(now, reply.ends);
    journal.heard(now, reply.ends);
    if (response.status === 200) acknowledged(reply);
    else if (response.status === 400 && refused(reply)) failures = 0;
    else if (response.status >= 500 || response.status === 429 || response.status === 408) failed();
    else page.over(reply.code, reply.message, reply.stored);
  }

  function acknowledged(reply) {
    const late = failures > 0, done = [];
    failures = 0;
    Object.keys(reply.saved).forEach(function (token) {
      if (!pending[token] || pending[token][1] > reply.saved[token]) return;  // changed again meanwhile: stays 未保存
      journal.saved(token, pending[token], reply.at, reply.receipt);
      delete pending[token];
      page.saved(token, reply.at, reply.receipt);
      done.push(token);
    });
    page.acknowledged(done, late);
  }

  /* 400: the server names what it did not take; the rest is sent again without it. */
  function refused(reply) {
    const known = (reply.bad || []).filter(function (token) { return pending[token]; });
    known.forEach(function (token) {
      delete pending[token];
      journal.refused(token);
      page.refused(token, reply.message || "这道题没有保存，请重新选择");
    });
    return known.length > 0;
  }

  function failed() {
    failures++;
    page.trouble(count());
    Object.keys(pending).forEach(tell);
  }

  function pause() {
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * Math.pow(2, failures - 1));
    return wait / 2 + Math.random() * wait / 2;
  }

  addEventListener("online", function () { failures = Math.min(failures, 1); send(); });
  addEventListener("offline", function () { if (count()) failed(); });

  return {
    put: put, send: send, restore: restore, count: count,
    /* Promise: the running save has its reply and what waited behind it was sent once, or `limit` milliseconds are over. */
    settle: function (limit) {
      const patience = new Promise(function (resolve) { setTimeout(resolve, limit); });
      return Promise.race([patience, Promise.resolve(running).then(send)]);
    },
    /* The page is being left: one more try that outlives it. */
    part: function () { if (!stopped && count()) fetch(data.save, request(true)).catch(function () { return; }); },
    stop: function () { stopped = true; clearTimeout(timer); }
  };
};
