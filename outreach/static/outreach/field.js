/* 记一次活动 where the line is bad: what is saved waits in this browser (unsent.js) and is sent until the server has it.

   A record carries the key of its form: sent again because the reply was lost, it is still one activity. Without this
   file the form is sent the ordinary way. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-field]"), unsent = window.mfUnsent;
  if (!form || !window.fetch || !window.FormData || !window.Promise) return;
  const PATIENCE = 60000, FIRST_RETRY = 2000, LAST_RETRY = 60000, DRAFT_LASTS = 3 * 24 * 3600 * 1000;  // milliseconds
  const photos = window.mfPhotos(document.querySelector("[data-field-photos-section]"));
  const queue = document.querySelector("[data-field-queue]"), cut = document.querySelector("[data-field-cut]");
  const person = document.documentElement.getAttribute("data-mf-person"), delivered = {};
  const DRAFT = "mf-field-draft-" + person;  // thrown away by base.js with the rest
  let busy = "", failures = 0, timer = 0, keeping = 0, signedOut = false;

  form.querySelector("button[type=submit]").textContent = "保存活动记录";
  freshKey();
  restoreDraft();
  showRows();

  /* The form may have come out of the copy: its key would be that of another record. */
  function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    const hex = Array.from(bytes).map(function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    form.elements.key.value = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function token() {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  }

  /* ---- what is typed outlives the page: a phone throws it away when the camera needs the room ---- */

  function typed() {
    return Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && !/^(csrfmiddlewaretoken|key|numbers_checked|.*_FORMS)$/.test(pair[0]);
    });
  }

  function sayDraft(at, before) {
    const minutes = String(at.getMinutes()).padStart(2, "0");
    document.querySelector("[data-field-draft]").textContent = before + " " + at.getHours() + ":" + minutes + " 已存在本机，还没有保存成记录";
  }

  function keepDraft() {
    keeping = 0;
    const at = new Date();
    window.mfKeep.set(DRAFT, { at: at.getTime(), fields: typed() });
    if (window.mfKeep.works) sayDraft(at, "草稿");
  }

  function dropDraft() {
    clearTimeout(keeping);
    keeping = 0;
    window.mfKeep.drop(DRAFT);
    document.querySelector("[data-field-draft]").textContent = "";
  }

  /* A link that fills the form in (a plan, a day of the calendar) wants a fresh one. */
  function restoreDraft() {
    const draft = window.mfKeep.get(DRAFT, null);
    if (!draft || location.search || Date.now() - draft.at > DRAFT_LASTS) return;
    fillIn(draft.fields);
    sayDraft(new Date(draft.at), "接着上次写。草稿");
  }

  function fillIn(fields) {
    fields.forEach(function (pair) {
      const field = form.elements[pair[0]];
      /* That somebody has looked holds for what was looked at then. */
      if (field && !/^(csrfmiddlewaretoken|numbers_checked)$/.test(pair[0])) field.value = pair[1];
    });
    Array.prototype.forEach.call(form.querySelectorAll("details"), function (fold) {
      if (Array.prototype.some.call(fold.querySelectorAll("input, select"), function (one) {
        return one.value && (one.type !== "radio" || one.checked);
      })) fold.open = true;
    });
  }

  form.addEventListener("input", function () {
    clearTimeout(keeping);
    keeping = setTimeout(keepDraft, 600);
  });
  document.addEventListener("visibilitychange", flush);
  addEventListener("pagehide", flush);
  function flush() {
    if (!keeping) return;
    clearTimeout(keeping);
    keepDraft();
  }

  /* Materials: the rows that say something and one more; the button brings the next. */
  function showRows(asked) {
    const rows = Array.prototype.slice.call(form.querySelectorAll("[data-field-handed]")), more = form.querySelector("[data-field-more]");
    if (!more) return;
    let shown = 0;
    rows.forEach(function (one, place) { if (one.querySelector("select").value || one.querySelector("input").value) shown = place + 1; });
    shown = Math.max(shown, 1, asked || 0);
    rows.forEach(function (one, place) { one.hidden = place >= shown; });
    more.hidden = shown >= rows.length;
    more.onclick = function () {
      showRows(shown + 1);
      rows[shown].querySelector("select").focus();
    };
  }

  /* ---- what the person sees ---- */

  function words(record) {
    if (delivered[record.key]) return ["check-circle-fill", "is-done", "已送达"];
    if (record.trouble) return ["x-octagon-fill", "is-stop", "没有收下：" + record.trouble[0].text];
    if (busy === record.key) return ["circle-half", "is-act", "补发中"];
    if (signedOut) return ["exclamation-triangle-fill", "is-attend", "未发送，重新登录后自动补发"];
    return ["cloud-slash", "is-attend", "未发送，已存在本机"];
  }

  function row(record) {
    const item = document.createElement("li"), left = document.createElement("div"), title = document.createElement("p");
    const state = document.createElement("p"), [icon, kind, text] = words(record), mark = document.createElement("i");
    title.className = "t";
    title.textContent = value(record, "name");
    mark.className = "bi bi-" + icon;
    mark.setAttribute("aria-hidden", "true");
    state.className = "d mf-st " + kind;
    state.append(mark, " " + text);
    left.append(title, state);
    item.append(left);
    if (delivered[record.key]) item.append(link(delivered[record.key], "看记录"));
    else if (record.trouble) {
      const open = document.createElement("button");
      open.type = "button";
      open.className = "btn btn-outline";
      open.textContent = "打开修改";
      open.addEventListener("click", function () { bring(record); });
      item.append(open);
    } else if (signedOut) item.append(link(location.pathname, "去登录"));
    return item;
  }

  function link(address, text) {
    const made = document.createElement("a");
    made.className = "btn btn-outline";
    made.href = address;
    made.textContent = text;
    return made;
  }

  const sent = [];  // delivered while this page is open, to be shown
  function show() {
    return unsent.list().then(function (all) {
      cut.hidden = navigator.onLine && !failures;
      queue.textContent = "";
      sent.concat(all).forEach(function (record) { queue.append(row(record)); });
      return all;
    });
  }

  function value(record, name) {
    const found = record.fields.find(function (pair) { return pair[0] === name; });
    return found ? found[1] : "";
  }

  function complain(troubles) {
    const box = document.querySelector("[data-field-errors]"), list = box.querySelector("ul");
    list.textContent = "";
    troubles.forEach(function (trouble) {
      const item = document.createElement("li"), id = "id_" + trouble.field;
      const field = trouble.field && (document.getElementById(id) || document.getElementById("div_" + id));
      if (field && field.type !== "hidden") {
        const to = document.createElement("a"), label = form.querySelector("label[for=" + id + "]") || document.getElementById(id + "_word");
        to.href = "#" + field.id;
        to.textContent = (label ? label.textContent.replace("*", "").trim() + "：" : "") + trouble.text;
        field.setAttribute("aria-invalid", "true");
        item.append(to);
      } else item.textContent = trouble.text;
      list.append(item);
      if (/勾选下面一项/.test(trouble.text)) offerCheck();
    });
    box.hidden = false;
    box.focus();
  }

  /* The server found what looks like a personal number: who has looked may keep it. */
  function offerCheck() {
    const field = form.elements.numbers_checked;
    if (!field) return;
    field.value = "on";
    if (field.type === "checkbox") return;
    const label = document.createElement("label");
    field.type = "checkbox";
    field.className = "form-check-input";
    label.className = "form-check";
    field.parentNode.insertBefore(label, field);
    label.append(field, " 已经看过，照样保存");
  }

  /* What the server would say at once, for when it cannot be asked. */
  function missing() {
    return [["name", "请填活动名称"], ["spot", "请填地点，例如：老街集市"], ["held_on", "请填日期"], ["audience", "请填数量"]]
      .filter(function (pair) { return !form.elements[pair[0]].value.trim(); })
      .map(function (pair) { return { field: pair[0], text: pair[1] }; });
  }

  function quiet() {
    document.querySelector("[data-field-errors]").hidden = true;
    Array.prototype.forEach.call(form.querySelectorAll("[aria-invalid]"), function (field) { field.removeAttribute("aria-invalid"); });
  }

  /* ---- sending ---- */

  /* Promise of {url}, {trouble}, {out: true} or {failed: true}. */
  function deliver(record) {
    const body = new FormData(), control = window.AbortController ? new AbortController() : null;
    record.fields.forEach(function (pair) { body.append(pair[0], pair[1]); });
    record.photos.forEach(function (photo, place) { body.append("photos", photo, "photo-" + (place + 1) + ".jpg"); });
    const limit = setTimeout(function () { if (control) control.abort(); }, PATIENCE);
    const options = { method: "POST", body: body, credentials: "same-origin", redirect: "manual",
      headers: { "Accept": "application/json", "X-CSRFToken": token(), "X-Mingfa-Person": person } };
    if (control) options.signal = control.signal;
    return fetch(location.pathname, options).then(function (response) {
      if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return { out: true };
      if (response.status === 200) return response.json();
      if (response.status === 422) return response.json().then(function (reply) { return { trouble: reply.errors }; });
      if (response.status === 413) return { trouble: [{ field: "", text: "照片太大，没有收下。请去掉几张" }] };
      return { failed: true };
    }).catch(function () { return { failed: true }; }).then(function (outcome) {
      clearTimeout(limit);
      return outcome;
    });
  }

  /* One record after the other; what fails is tried again. */
  function send() {
    clearTimeout(timer);
    timer = 0;
    if (busy) return Promise.resolve();
    return unsent.list().then(function (all) {
      const next = all.find(function (record) { return !record.trouble; });
      if (!next) return null;
      busy = next.key;
      return show().then(function () { return deliver(next); }).then(function (outcome) {
        busy = "";
        failures = outcome.failed ? failures + 1 : 0;
        signedOut = Boolean(outcome.out);
        if (outcome.url) {
          delivered[next.key] = outcome.url;
          sent.push(next);
          return unsent.drop(next.key).then(show).then(send);
        }
        if (outcome.trouble) {
          next.trouble = outcome.trouble;
          return unsent.put(next).then(show).then(send);
        }
        if (outcome.failed) {
          timer = setTimeout(send, Math.min(LAST_RETRY, FIRST_RETRY * Math.pow(2, failures - 1)));
          askForSync();
        }
        return show();
      });
    });
  }

  /* A refused record back into the form, with its photos; it leaves the list once it is saved again. */
  function bring(record) {
    fillIn(record.fields);
    showRows();
    photos.clear();
    photos.set(record.photos).then(function () { return unsent.drop(record.key); }).then(show).then(function () {
      complain(record.trouble);
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    quiet();
    const wrong = missing(), button = form.querySelector("button[type=submit]");
    if (wrong.length) return complain(wrong);
    button.disabled = true;
    photos.blobs().then(function (blobs) {
      const fields = Array.from(new FormData(form)).filter(function (pair) { return typeof pair[1] === "string" && pair[0] !== "csrfmiddlewaretoken"; });
      const record = { key: form.elements.key.value, at: Date.now(), fields: fields, photos: blobs, trouble: null };
      return unsent.put(record).then(function (kept) {
        if (kept) dropDraft();
        busy = record.key;
        return deliver(record).then(function (outcome) { return after(record, outcome, kept); });
      });
    }).then(function () { button.disabled = false; });
  });

  function after(record, outcome, kept) {
    busy = "";
    if (outcome.url) return unsent.drop(record.key).then(dropDraft).then(function () { location.assign(outcome.url); });
    if (outcome.trouble) return unsent.drop(record.key).then(show).then(function () { complain(outcome.trouble); });
    failures = outcome.failed ? failures + 1 : 0;
    signedOut = Boolean(outcome.out);
    if (outcome.failed) {
      timer = setTimeout(send, FIRST_RETRY);
      askForSync();
    }
    form.reset();
    showRows();
    photos.clear();
    freshKey();
    return show().then(function () {
      document.querySelector("[data-field-memory]").hidden = kept;
      queue.scrollIntoView();
    });
  }

  /* The worker sends as well, once the line is back, also when this page is closed by then. */
  function askForSync() {
    if (!navigator.serviceWorker || !window.SyncManager) return;
    navigator.serviceWorker.ready.then(function (registration) { return registration.sync.register("mf-field"); })
      .catch(function () { return; });  // refused: this page sends when it is opened next
  }

  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener("message", function (event) {
    const key = event.data && event.data.delivered;
    if (!key) return;
    unsent.list().then(function (all) {
      const there = all.find(function (record) { return record.key === key; });
      if (there) {
        delivered[key] = event.data.url;
        sent.push(there);
      }
      return unsent.drop(key).then(show);
    });
  });

  addEventListener("online", function () { failures = 0; send(); });
  addEventListener("offline", show);

  /* ---- the copy for when there is no line (worker.js) ---- */

  function files() {
    const loaded = performance.getEntriesByType("resource").map(function (one) { return one.name; });
    return Array.from(new Set(loaded.filter(function (address) { return address.indexOf(location.origin + "/static/") === 0; })));
  }

  addEventListener("load", function () {
    show().then(send);
    if (!navigator.serviceWorker || !window.caches || !navigator.onLine) return;
    navigator.serviceWorker.register("worker.js").then(function () { return caches.open("mf-field-" + person); }).then(function (copy) {
      return copy.addAll([location.pathname].concat(files()));
    }).then(function () { document.documentElement.setAttribute("data-mf-kept", ""); }).catch(function () { return; });
  });
})();
