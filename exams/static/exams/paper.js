/* The paper: saves what changes, says honestly what is saved, keeps the time of the server.

   Protocol of a save: {"changes": {question: [[options], seq]}}. Every request carries everything that has not
   been acknowledged; a change is saved only when the reply names its question with the same or a higher seq.
   One request at a time. Without this file the form itself saves and hands in. */
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("sitting-data").textContent);
  const COLLECT = 600, ENOUGH = 15000, FIRST_RETRY = 500, LAST_RETRY = 10000;  // milliseconds
  const byId = function (id) { return document.getElementById(id); };
  const all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };
  const form = byId("paper"), panels = window.mfPanels, element = window.mfElement;
  const keep = window.mfKeep, FLAGS = "mf-flags-" + data.sitting;
  const journal = window.mfJournal(data);
  const questions = all("fieldset.mf-q").map(describe);
  const byToken = {};
  questions.forEach(function (question) { byToken[question.token] = question; });
  const flags = keep.get(FLAGS, {});
  let pending = {};          // token -> [[options], seq], not yet acknowledged
  let seq = data.seq;
  let timer = 0, failures = 0, inFlight = false, stopped = false, leaving = false, glance = 0;
  let current = questions[0], undone = "", late = Promise.resolve();
  const time = journal.time();
  const clock = window.mfClock(time.now, time.ends, {
    say: say,
    tick: function (seconds) { if (seconds <= 2 && !stopped) send(); },
    over: function () { if (!stopped) handIn("时间到，正在交卷…"); }
  });

  /* ---------- questions ---------- */
  function describe(box) {
    const number = box.id.slice(1);
    return {
      box: box, token: box.getAttribute("data-q"), number: number, inputs: all("input", box), foot: box.querySelector(".qf"),
      link: document.querySelector('#sheet a[href="#q' + number + '"]'), flag: null,
      state: box.classList.contains("is-saved") ? "saved" : "blank"
    };
  }

  function unsaved() { return Object.keys(pending).length; }

  function chosen(question) {
    return question.inputs.filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
  }

  function setState(question, state, word, more) {
    question.state = state;
    ["saved", "pending", "refused"].forEach(function (name) { question.box.classList.toggle("is-" + name, name === state); });
    question.foot.textContent = "";
    question.foot.appendChild(element("span", "mf-st", word));
    if (more) question.foot.appendChild(more);
    mark(question);
  }

  function setPending(question) {
    const offline = failures > 0;
    setState(question, "pending", offline ? "未保存，" + (keep.works ? "已暂存在本机" : "请不要关闭或刷新本页") : "未保存",
      offline ? element("span", "mf-small", "网络恢复后自动补发") : null);
  }

  function setSaved(question, at, receipt) {
    const blank = chosen(question).length === 0;
    const more = element("span", "mf-small mf-quiet", (blank ? at + " 已保存" : at) + "，回执 ");
    more.appendChild(element("span", "mf-code", receipt));
    setState(question, blank ? "blank" : "saved", blank ? "未作答" : "已保存", more);
  }

  /* Link in the answer sheet: shape, corner and words. */
  function mark(question) {
    const flagged = !!flags[question.token], shape = { saved: "s", pending: "w", refused: "w", blank: "" }[question.state];
    question.link.className = [shape, flagged ? "f" : "", question === current ? "cur" : ""].join(" ").trim();
    const words = { saved: "已保存", pending: "未保存", refused: "未保存", blank: "未答" }[question.state];
    question.link.setAttribute("aria-label", "第 " + question.number + " 题，" + words + (flagged ? "，已标记" : ""));
  }

  function counts() {
    const count = { saved: 0, pending: 0, refused: 0, blank: 0, flag: 0, answered: 0, open: [] };
    questions.forEach(function (question) {
      const empty = chosen(question).length === 0;
      count[question.state]++;
      if (flags[question.token]) count.flag++;
      if (empty) count.open.push(question); else count.answered++;
    });
    return count;
  }

  function showCounts() {
    const count = counts();
    byId("answered").textContent = count.answered;
    byId("n-saved").textContent = count.saved;
    byId("n-pending").textContent = count.pending + count.refused;
    byId("n-blank").textContent = count.blank;
    byId("n-flag").textContent = count.flag;
  }

  function setFlag(question, on) {
    if (on) flags[question.token] = 1; else delete flags[question.token];
    keep.set(FLAGS, flags);
    showFlag(question);
    mark(question);
    showCounts();
  }

  function showFlag(question) {
    const on = !!flags[question.token];
    question.flag.className = "mf-iconbtn end" + (on ? " is-on" : "");
    question.flag.setAttribute("aria-pressed", on ? "true" : "false");
    question.flag.firstChild.className = on ? "bi bi-flag-fill" : "bi bi-flag";
    question.flag.lastChild.textContent = on ? "已标记" : "标记";
  }

  questions.forEach(function (question) {
    const button = element("button", "mf-iconbtn end");
    button.type = "button";
    button.appendChild(element("i", "bi bi-flag")).setAttribute("aria-hidden", "true");
    button.appendChild(element("span", "", "标记"));
    button.setAttribute("aria-describedby", question.box.querySelector("legend").id = "l" + question.number);
    button.addEventListener("click", function () { setFlag(question, !flags[question.token]); });
    question.flag = question.box.querySelector(".qh").appendChild(button);
    showFlag(question);
  });

  /* ---------- saving ---------- */
  function changed(question) {
    if (stopped) return;
    pending[question.token] = [chosen(question), ++seq];
    setPending(question);
    journal.changed(pending);
    showCounts();
    if (!timer && !inFlight) timer = setTimeout(send, COLLECT);
  }

  function request(keepalive) {
    return { method: "POST", body: JSON.stringify({ changes: pending }), keepalive: keepalive, credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-Sitting-Token": data.token } };
  }

  function send() {
    clearTimeout(timer);
    timer = 0;
    if (inFlight || stopped || !unsaved()) return Promise.resolve();
    inFlight = true;
    const options = request(false), control = window.AbortController ? new AbortController() : null;
    if (control) options.signal = control.signal;
    const limit = setTimeout(function () { if (control) control.abort(); }, ENOUGH);
    if (failures) showStrip("wifi-off", "正在补发 " + unsaved() + " 题。", "请继续作答。");
    return fetch(data.save, options).then(function (response) {
      return response.json().then(function (reply) { received(response, reply); });
    }).catch(failed).then(function () {
      clearTimeout(limit);
      inFlight = false;
      if (!stopped && !timer && unsaved()) timer = setTimeout(send, failures ? pause() : COLLECT);
    });
  }

  function received(response, reply) {
    const now = Number(response.headers.get("X-Server-Time")) || reply.now;
    clock.synchronise(now, reply.ends);
    journal.heard(now, reply.ends);
    if (response.status === 200) acknowledged(reply);
    else if (response.status === 400 && refused(reply)) failures = 0;
    else if (response.status >= 500 || response.status === 429 || response.status === 408) failed();
    else stop(reply.code, reply.message, reply.stored);
  }

  function acknowledged(reply) {
    const late = failures > 0;
    failures = 0;
    let last = null;
    Object.keys(reply.saved).forEach(function (token) {
      if (!pending[token] || pending[token][1] > reply.saved[token]) return;  // changed again meanwhile: stays 未保存
      journal.saved(token, pending[token], reply.at, reply.receipt);
      delete pending[token];
      setSaved(last = byToken[token], reply.at, reply.receipt);
    });
    journal.changed(pending);
    showCounts();
    if (late) allSent(); else if (last) say("第 " + last.number + " 题已保存");
  }

  /* 400: the server names what it did not take; the rest is sent again without it. */
  function refused(reply) {
    const known = (reply.bad || []).filter(function (token) { return pending[token]; });
    known.forEach(function (token) {
      delete pending[token];
      setState(byToken[token], "refused", reply.message || "这道题没有保存，请重新选择");
      say("第 " + byToken[token].number + " 题没有保存");
    });
    journal.changed(pending);
    showCounts();
    return known.length > 0;
  }

  function failed() {
    failures++;
    showStrip("wifi-off", navigator.onLine === false ? "网络已断开，请继续作答。" : "暂时连不上服务器，请继续作答。",
      unsaved() + (keep.works ? " 题暂存在本机，恢复后自动补发。计时照常，请不要清除浏览器数据。" : " 题还在这一页上，恢复后自动补发。请不要关闭或刷新。"));
    Object.keys(pending).forEach(function (token) { setPending(byToken[token]); });
  }

  function pause() {
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * Math.pow(2, failures - 1));
    return wait / 2 + Math.random() * wait / 2;
  }

  /* The server will take nothing more from this page: say why and where to go. */
  function stop(code, message, stored) {
    if (!stopped && stored) document.dispatchEvent(new CustomEvent("mf-stored", { detail: stored }));
    stopped = true;
    form.removeEventListener("change", onChange);
    questions.forEach(function (question) { question.inputs.forEach(function (input) { input.disabled = true; }); });
    showStrip("exclamation-triangle-fill", message || "这份试卷不能再保存。", "");
    const over = code === "closed";
    const link = element("a", "btn btn-primary", over ? "查看结果" : code === "token" ? "重新登录后打开试卷" : "重新打开试卷");
    link.href = over ? data.result : location.pathname;
    byId("offline").querySelector("p").appendChild(element("span", "d-block mt-2")).appendChild(link);
    document.body.classList.remove("has-dock");
    if (over) late = window.mfLate(data.late, data.sitting).then(function (words) {
      byId("offline").querySelector("b").textContent += words;
    });
    else { pending = {}; journal.changed(pending); }
  }

  function forget() { keep.drop(FLAGS); journal.forget(); }

  /* After a crash or a reload: bring back what was chosen here, unless the paper went on elsewhere. */
  function restore() {
    const kept = journal.read();
    seq = Math.max(seq, kept.seq);
    kept.saved.concat(kept.pending).forEach(function (entry) {
      const question = byToken[entry.token];
      if (!question) return;
      question.inputs.forEach(function (input) { input.checked = entry.options.indexOf(input.value) >= 0; });
      if (entry.receipt) setSaved(question, entry.at, entry.receipt); else changed(question);
    });
  }

  /* ---------- strip, announcements ---------- */
  function showStrip(icon, lead, text) {
    const strip = byId("offline"), words = strip.querySelector("p");
    words.textContent = "";
    words.appendChild(element("b", "", lead));
    words.appendChild(document.createTextNode(text + undone));
    strip.querySelector("i").className = "bi bi-" + icon;
    strip.classList.toggle("is-done", icon === "check-circle-fill");
    strip.hidden = false;
  }

  function allSent() {
    showStrip("check-circle-fill", "网络已恢复，", "答案都已保存。");
    setTimeout(function () { if (!failures && !stopped && !undone) byId("offline").hidden = true; }, 5000);
  }

  function say(words) { byId("say").textContent = words; }

  /* ---------- hand-in: two steps ---------- */
  function askHandIn() {
    const count = counts(), ready = !count.open.length && !unsaved();
    const words = [];
    if (count.open.length) words.push(count.open.length + " 题未答");
    if (unsaved()) words.push(unsaved() + " 题未保存");
    const notice = byId("confirm-notice");
    notice.className = "mf-notice mt-3 " + (ready ? "is-done" : "is-attend");
    notice.firstChild.className = "bi bi-" + (ready ? "check-circle-fill" : "exclamation-triangle-fill");
    notice.lastChild.textContent = ready ? "每题都已作答，全部已保存。交卷后不能再改。"
      : "还有 " + words.join("，") + "。" + (count.open.length ? "现在交卷，未答的题不得分。" : "交卷时会再发送一次。");
    byId("confirm-blank").textContent = "";
    count.open.forEach(function (question) {
      const link = byId("confirm-blank").appendChild(element("a", "", question.number));
      link.href = "#q" + question.number;
      link.setAttribute("aria-label", "第 " + question.number + " 题，未答");
    });
    panels.open(byId("confirm"));
    send();
  }

  /* Everything saved: a small form. Otherwise the whole sheet goes with it, so that nothing chosen is lost. */
  function handIn(word) {
    if (leaving) return;
    const button = byId("handin"), rest = button.textContent;
    leaving = button.disabled = true;
    button.textContent = word || "正在交卷…";
    const patience = new Promise(function (resolve) { setTimeout(resolve, 2500); });
    Promise.race([send(), patience]).then(function () {
      const fields = new URLSearchParams(new FormData(unsaved() && clock.left() ? form : byId("handin-form")));
      fields.set("confirm", "1");
      return fetch(form.action, { method: "POST", body: fields, redirect: "manual", credentials: "same-origin" });
    }).then(function (response) {
      if (response.type !== "opaqueredirect") return byId("handin-form").submit();
      late.then(function () { forget(); location.href = data.result; });
    }).catch(function () {
      leaving = button.disabled = false;
      button.textContent = rest;
      panels.close();
      undone = clock.left() ? "还没有交卷，网络恢复后请再交一次。" : "已保存的答案由服务器自动交卷，网络恢复后会转到结果。";
      showStrip("wifi-off", "现在连不上服务器。", "");
      if (!clock.left()) setTimeout(handIn, LAST_RETRY);
    });
  }

  /* ---------- moving, keys ---------- */
  function setCurrent(question) {
    if (!question || question === current) return;
    const old = current;
    current = question;
    mark(old);
    mark(question);
  }

  /* The question the reader has before the eyes: the one focused, else the first below the header. */
  function look() {
    const focused = document.activeElement && document.activeElement.closest && document.activeElement.closest("fieldset.mf-q");
    const bar = document.querySelector(".mf-exambar").offsetHeight + 24;
    const inView = function (box) { const r = box.getBoundingClientRect(); return r.bottom > bar + 40 && r.top < innerHeight; };
    if (focused && inView(focused)) return setCurrent(byToken[focused.getAttribute("data-q")]);
    setCurrent(questions.filter(function (question) { return inView(question.box); })[0]);
  }

  function go(question) {
    if (!question) return;
    scrollBy(0, question.box.getBoundingClientRect().top - document.querySelector(".mf-exambar").offsetHeight - 12);
    const input = question.inputs.filter(function (one) { return one.checked; })[0] || question.inputs[0];
    input.focus({ preventScroll: true });
    setCurrent(question);
  }

  function step(by) { look(); go(questions[questions.indexOf(current) + by]); }

  function openSheet() {
    if (!byId("open-sheet").offsetParent) return current.link.focus();
    panels.open(byId("sheet"));
    const list = document.querySelector("#sheet .mf-groups");
    list.scrollTop += current.link.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
  }

  let keys = data.shortcuts !== false && keep.get("mf-keys", true);
  function showKeys() {
    byId("keys").setAttribute("aria-pressed", keys ? "true" : "false");
    byId("keys").textContent = keys ? "快捷键已打开" : "快捷键已关闭";
  }
  byId("keys").addEventListener("click", function () { keys = !keys; keep.set("mf-keys", keys); showKeys(); });

  document.addEventListener("keydown", function (event) {
    if (panels.isOpen() || !keys || stopped || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const key = event.key.toUpperCase();
    if (key.length !== 1) return;
    if (key === "J") step(1);
    else if (key === "K") step(-1);
    else if (key === "G") openSheet();
    else if (key === "F") { look(); setFlag(current, !flags[current.token]); }
    else if (key >= "A" && key <= "H") {
      look();
      const input = current.inputs[key.charCodeAt(0) - 65];
      if (!input) return;
      input.focus({ preventScroll: true });
      input.click();
    } else return;
    event.preventDefault();
  });

  /* ---------- wiring ---------- */
  function onChange(event) {
    const box = event.target.closest("fieldset.mf-q");
    if (!box) return;
    setCurrent(byToken[box.getAttribute("data-q")]);
    changed(current);
  }
  form.addEventListener("change", onChange);
  form.addEventListener("submit", function (event) { event.preventDefault(); if (!stopped) askHandIn(); });
  byId("handin").addEventListener("click", function () { handIn(); });
  byId("previous").addEventListener("click", function () { step(-1); });
  byId("next").addEventListener("click", function () { step(1); });
  byId("open-sheet").addEventListener("click", openSheet);
  document.addEventListener("click", function (event) {
    const link = event.target.closest('#sheet a[href^="#q"], #confirm-blank a');
    if (!link) return;
    event.preventDefault();
    panels.close(true);
    go(questions[Number(link.getAttribute("href").slice(2)) - 1]);
  });
  addEventListener("scroll", function () { clearTimeout(glance); glance = setTimeout(look, 150); }, { passive: true });
  addEventListener("online", function () { failures = Math.min(failures, 1); send(); });
  addEventListener("offline", function () { if (unsaved()) failed(); });
  addEventListener("pagehide", function () {
    if (!stopped && !leaving && unsaved()) fetch(data.save, request(true)).catch(function () {});
  });
  addEventListener("beforeunload", function (event) {
    if (stopped || leaving || !unsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });

  document.body.classList.add("has-js", "has-dock");
  questions.forEach(mark);
  [restore, showKeys, showCounts].forEach(function (show) { show(); });
  window.mfPaper = { data: data, clock: clock, say: say, stop: function (code, why) { if (!stopped && !leaving) stop(code, why); } };
})();
