/* The paper: says honestly what is saved (outbox.js saves it), moves between questions, hands in, keeps the server's time.

   Without this file the form itself saves and hands in. */
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("sitting-data").textContent);
  const AGAIN = 10000, PATIENCE = 2500, WRITTEN = 800;  // milliseconds: between tries to hand in, for a save under way, after a key
  const byId = function (id) { return document.getElementById(id); };
  const all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };
  const form = byId("paper"), panels = window.mfPanels, element = window.mfElement;
  const keep = window.mfKeep, FLAGS = "mf-flags-" + data.sitting;
  const journal = window.mfJournal(data);
  const questions = all("fieldset.mf-q").map(describe);
  const byToken = {};
  questions.forEach(function (question) { byToken[question.token] = question; });
  const flags = keep.get(FLAGS, {});
  let stopped = false, leaving = false, glance = 0, current = questions[0], undone = "";
  const outbox = window.mfOutbox(data, journal, {
    pending: function (token, how) { setPending(byToken[token], how); showCounts(); },
    saved: function (token, at, receipt) { setSaved(byToken[token], at, receipt); },
    refused: function (token, why) {
      setState(byToken[token], "refused", why);
      say("第 " + byToken[token].number + " 题没有保存");
      showCounts();
    },
    restored: function (token, options) {
      byToken[token].inputs.forEach(function (input, at) {
        if (isTicked(input)) input.checked = options.indexOf(input.value) >= 0; else input.value = options[at] || "";
      });
    },
    acknowledged: function (tokens, afterTrouble) {
      showCounts();
      if (afterTrouble) allSent(); else if (tokens.length) say("第 " + byToken[tokens[tokens.length - 1]].number + " 题已保存");
    },
    sending: function (count) { showStrip("wifi-off", "正在补发 " + count + " 题。", "请继续作答。"); },
    trouble: function (count) {
      showStrip("wifi-off", navigator.onLine === false ? "网络已断开，请继续作答。" : "暂时连不上服务器，请继续作答。",
        count + (journal.works() ? " 题等着补发，恢复后自动发送。计时照常，请不要清除浏览器数据。" : " 题还在这一页上，恢复后自动补发。请不要关闭或刷新。"));
    },
    time: function (now, ends) { clock.synchronise(now, ends); },
    over: stop
  });
  const clock = window.mfClock(data.now, data.ends, {
    say: say,
    tick: function (seconds) { if (seconds <= 2 && !stopped) outbox.send(); },
    over: function () { if (!stopped) handIn("时间到，正在交卷…"); }
  });

  /* ---------- questions ---------- */
  function describe(box) {
    const number = box.id.slice(1);
    return {
      box: box, token: box.getAttribute("data-q"), number: number, inputs: all("input, select, textarea", box), foot: box.querySelector(".qf"),
      link: document.querySelector('#sheet a[href="#q' + number + '"]'), flag: null,
      state: box.classList.contains("is-saved") ? "saved" : "blank"
    };
  }

  function isTicked(input) { return input.type === "radio" || input.type === "checkbox"; }

  /* Options that are ticked; of inputs to write or choose in every value, nothing when all are empty. */
  function chosen(question) {
    const value = function (input) { return input.value; };
    if (isTicked(question.inputs[0])) return question.inputs.filter(function (input) { return input.checked; }).map(value);
    return question.inputs.some(function (input) { return input.value.trim(); }) ? question.inputs.map(value) : [];
  }

  function setState(question, state, word, more) {
    question.state = state;
    ["saved", "pending", "refused"].forEach(function (name) { question.box.classList.toggle("is-" + name, name === state); });
    question.foot.textContent = "";
    question.foot.appendChild(element("span", "mf-st", word));
    if (more) question.foot.appendChild(more);
    mark(question);
  }

  function setPending(question, how) {
    const where = how.kept ? "已暂存在本机" : journal.works() ? "正在暂存" : "请不要关闭或刷新本页";
    setState(question, "pending", how.offline ? "未保存，" + where : "未保存",
      how.offline ? element("span", "mf-small", "网络恢复后自动补发") : null);
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

  /* The server will take nothing more from this page: say why and where to go. */
  function stop(code, message, stored) {
    if (!stopped && stored) document.dispatchEvent(new CustomEvent("mf-stored", { detail: stored }));
    stopped = true;
    outbox.stop();
    form.removeEventListener("change", onChange);
    form.removeEventListener("input", onInput);
    clearTimeout(writing);
    questions.forEach(function (question) { question.inputs.forEach(function (input) { input.disabled = true; }); });
    showStrip("exclamation-triangle-fill", message || "这份试卷不能再保存。", "");
    const over = code === "closed";
    const link = element("a", "btn btn-primary", over ? "查看结果" : code === "token" ? "重新登录后打开试卷" : "重新打开试卷");
    link.href = over ? data.result : location.pathname;
    byId("offline").querySelector("p").appendChild(element("span", "d-block mt-2")).appendChild(link);
    document.body.classList.remove("has-dock");
    if (over) window.mfLate(data.late, data.sitting).then(function (words) {
      byId("offline").querySelector("b").textContent += words;
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
    setTimeout(function () { if (!outbox.count() && !stopped && !undone) byId("offline").hidden = true; }, 5000);
  }

  function say(words) { byId("say").textContent = words; }

  /* ---------- hand-in: two steps ---------- */
  function askHandIn() {
    const count = counts(), unsaved = outbox.count(), ready = !count.open.length && !unsaved;
    const words = [];
    if (count.open.length) words.push(count.open.length + " 题未答");
    if (unsaved) words.push(unsaved + " 题未保存");
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
    outbox.send();
  }

  /* Everything saved: a small form. Otherwise the whole sheet goes with it, so that nothing chosen is lost. What is
     still unsent stays in the journal: the page of the result knows whether it was taken, is late, or is nothing any more. */
  function handIn(word) {
    if (leaving) return;
    const button = byId("handin"), rest = button.textContent;
    leaving = button.disabled = true;
    button.textContent = word || "正在交卷…";
    outbox.settle(PATIENCE).then(function () {
      const fields = new URLSearchParams(new FormData(outbox.count() && clock.left() ? form : byId("handin-form")));
      fields.set("confirm", "1");
      return fetch(form.action, { method: "POST", body: fields, redirect: "manual", credentials: "same-origin" });
    }).then(function (response) {
      if (response.type !== "opaqueredirect") return byId("handin-form").submit();
      keep.drop(FLAGS);
      return Promise.resolve(outbox.count() ? null : journal.forget()).then(function () { location.href = data.result; });
    }).catch(function () {
      leaving = button.disabled = false;
      button.textContent = rest;
      panels.close();
      undone = clock.left() ? "还没有交卷，网络恢复后请再交一次。" : "已保存的答案由服务器自动交卷，网络恢复后会转到结果。";
      showStrip("wifi-off", "现在连不上服务器。", "");
      if (!clock.left()) setTimeout(handIn, AGAIN);
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
    if (panels.isOpen() || !keys || stopped || event.target.matches("select, textarea, input[type=text]") || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const key = event.key.toUpperCase();
    if (key.length !== 1) return;
    if (key === "J") step(1);
    else if (key === "K") step(-1);
    else if (key === "G") openSheet();
    else if (key === "F") { look(); setFlag(current, !flags[current.token]); }
    else if (key >= "A" && key <= "H") {
      look();
      const input = current.inputs[key.charCodeAt(0) - 65];
      if (!input || !isTicked(input)) return;
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
    outbox.put(current.token, chosen(current));
  }
  /* Written text is kept while it is being written, not only when the field is left. */
  let writing = 0;
  function onInput(event) {
    if (isTicked(event.target)) return;
    clearTimeout(writing);
    writing = setTimeout(onChange, WRITTEN, event);
  }
  form.addEventListener("change", onChange);
  form.addEventListener("input", onInput);
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
  addEventListener("pagehide", function () { if (!leaving) outbox.part(); });
  addEventListener("beforeunload", function (event) {
    if (stopped || leaving || !outbox.count()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });

  document.body.classList.add("has-js", "has-dock");
  questions.forEach(mark);
  [showKeys, showCounts].forEach(function (show) { show(); });
  /* After a crash or a reload: bring back what was chosen here, and the time as it was last heard. */
  journal.opened.then(function (found) {
    clock.synchronise(found.now, found.ends);
    outbox.restore(found.answers.filter(function (entry) { return byToken[entry.token]; }));
    showCounts();
  });
  window.mfPaper = {
    data: data, clock: clock, say: say, leaving: function () { return leaving; },
    stop: function (code, why) { if (!stopped && !leaving) stop(code, why); }
  };
})();
