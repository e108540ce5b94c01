/* A hall without a line: everything happens on this laptop and goes home as one sealed file.
   Opened from the disk, where a page has no other files than scripts and pictures, so the data is a script too. */
(function () {
  "use strict";
  const data = window.mfHall, store = "mf-hall-" + data.bundle;
  const LETTERS = "0123456789abcdefghijklmnopqrstuv", KINDS = { single: "单选", multi: "多选", multiple: "多选", judge: "判断", scale: "打分", cloud: "一个词", text: "简答" };
  const DAY = 86400000;
  let kept = read(), page = 0, asked = 0;

  function by(id) { return document.getElementById(id); }

  function fill(node, children) {
    while (node.firstChild) node.removeChild(node.firstChild);
    [].concat(children).forEach(function (one) { if (one) node.appendChild(one.nodeType ? one : document.createTextNode(one)); });
    return node;
  }

  function el(tag, name, children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    return fill(node, children === undefined ? [] : children);
  }

  function button(word, press) {
    const node = el("button", "", word);
    node.type = "button";
    node.addEventListener("click", press);
    return node;
  }

  function two(n) { return (n < 10 ? "0" : "") + n; }

  function clock(at) { const day = new Date(at); return day.getHours() + ":" + two(day.getMinutes()); }

  function letter(question, at) { return question.kind === "scale" ? question.options[at] : String.fromCharCode(65 + at); }

  /* ---------- what is kept on this laptop ---------- */
  function read() {
    try { return JSON.parse(localStorage.getItem(store)) || fresh(); } catch (refusal) { return fresh(); }
  }

  function fresh() { return { run: "", began: null, ended: null, heads: null, ticks: {}, answers: {}, exported: false }; }

  function keep() {
    kept.exported = false;
    write();
  }

  function write() {
    try {
      localStorage.setItem(store, JSON.stringify(kept));
      fill(by("saved"), "已存在本机 " + clock(Date.now()));
    } catch (refusal) {
      trouble("存不进本机：浏览器不允许，或者磁盘满了。请不要关闭这个页面，尽快导出结果。");
    }
  }

  function trouble(words) {
    by("trouble").hidden = !words;
    fill(by("trouble"), words);
  }

  function code() {
    return Array.from(crypto.getRandomValues(new Uint8Array(20)), function (one) { return LETTERS[one & 31]; }).join("");
  }

  /* ---------- sign-in ---------- */
  function started() {
    fill(by("begin-title"), kept.ended ? "已下课 " + clock(kept.ended) : kept.began ? "上课中，" + clock(kept.began) + " 开始" : "还没有开始");
    fill(by("begin-words"), kept.began ? "签到、人数和答题随时自动存在本机，关了页面再打开也在。" : "点“开始上课”以后，签到时间从这时算起。");
    by("begin").hidden = Boolean(kept.began);
    by("end").disabled = !kept.began;
    fill(by("end"), kept.ended ? "接着上课" : "下课");
    ["heads", "less", "more"].forEach(function (id) { by(id).disabled = !kept.began; });
  }

  function begin() {
    // A clock from before the download, or far behind it, would make every time worthless.
    if (Date.now() < data.madeAt - 600000 || Date.now() > data.madeAt + 400 * DAY) {
      return trouble("这台电脑的时钟不对，现在显示 " + new Date().toLocaleString("zh-CN") + "。请先把日期和时间改对，再开始上课。");
    }
    trouble("");
    kept.run = kept.run || code();
    kept.began = Date.now();
    keep();
    all();
  }

  function roster() {
    const words = by("find").value.trim(), people = data.roster.filter(function (one) { return one.name.indexOf(words) >= 0; });
    const signed = Object.keys(kept.ticks).length, active = document.activeElement && document.activeElement.dataset.who;
    fill(by("roster-title"), "名册，" + signed + " / " + data.roster.length + " 人已签到");
    by("roster-none").hidden = people.length > 0;
    fill(by("roster"), people.map(function (one) {
      const at = kept.ticks[one.who], node = button("", function () {
        if (kept.ticks[one.who]) delete kept.ticks[one.who];
        else kept.ticks[one.who] = Date.now();
        keep();
        roster();
      });
      node.dataset.who = one.who;
      node.disabled = !kept.began;
      node.setAttribute("aria-pressed", at ? "true" : "false");
      return el("li", "", fill(node, [one.name, el("small", "", at ? "✓ 已签到 " + clock(at) : kept.began ? "点一下签到" : "开始后可签到")]));
    }));
    Array.from(by("roster").querySelectorAll("button")).forEach(function (one) { if (active && one.dataset.who === active) one.focus(); });
  }

  function heads(count) {
    const known = /^\d{1,4}$/.test(String(count)) ? Number(count) : null;
    if (known === null && String(count) !== "") return trouble("人数写数字，例如 25");
    trouble("");
    kept.heads = known;
    by("heads").value = known === null ? "" : known;
    keep();
  }

  /* ---------- slides ---------- */
  function turn(step) {
    page = Math.max(0, Math.min(data.slides.length - 1, page + step));
    slide();
  }

  function slide() {
    const pages = data.slides.length;
    by("previous").disabled = page <= 0;
    by("next").disabled = page >= pages - 1;
    by("full").disabled = !pages;
    fill(by("page"), pages ? page + 1 + " / " + pages : "");
    if (!pages) return fill(by("stage"), el("p", "", "下载离线包时还没有课件"));
    const picture = new Image(), name = String(page + 1);
    picture.alt = "课件第 " + name + " 页：" + data.slides[page];
    picture.src = "slides/" + "000".slice(name.length) + name + ".webp";
    fill(by("stage"), picture);
  }

  /* ---------- questions: by hands, or one head after the other ---------- */
  function question() {
    const one = data.questions[asked], box = by("asked");
    by("ask-none").hidden = data.questions.length > 0;
    by("question").hidden = by("question").labels[0].hidden = !data.questions.length;
    if (!one) return fill(box, []);
    const parts = [el("p", "quiet", KINDS[one.kind] || ""), el("p", "stem", one.text)];
    if (!one.options.length) return fill(box, parts.concat(el("p", "", "这道题请大家口头说，离线时不记录。")));
    const given = kept.answers[one.id] || { hands: null, each: null }, each = Boolean(given.each) && !one.anonymous;
    const way = function (name, on, set) {
      const node = button(name, function () { set(); keep(); question(); });
      node.setAttribute("aria-pressed", on ? "true" : "false");
      return node;
    };
    if (!one.anonymous) {
      parts.push(el("div", "how", [way("举手", !each, function () { kept.answers[one.id] = { hands: zeros(one), each: null }; }),
        way("逐人", each, function () { kept.answers[one.id] = { hands: null, each: {} }; })]));
    }
    if (!each) parts.push(el("p", "quiet", "每一项填举手的人数"));
    fill(box, parts.concat(each ? people(one, given) : hands(one, given)));
  }

  function zeros(one) { return one.options.map(function () { return 0; }); }

  function hands(one, given) {
    return one.options.map(function (word, at) {
      const input = el("input");
      input.inputMode = "numeric";
      input.maxLength = 4;
      input.disabled = !kept.began;
      input.value = given.hands && given.hands[at] || "";
      input.setAttribute("aria-label", letter(one, at) + " 举手人数");
      input.addEventListener("change", function () {
        if (!/^\d{0,4}$/.test(input.value.trim())) return trouble("举手人数写数字，例如 12");
        trouble("");
        const now = kept.answers[one.id] && kept.answers[one.id].hands || zeros(one);
        now[at] = Number(input.value) || 0;
        kept.answers[one.id] = { hands: now, each: null };
        keep();
      });
      return el("div", "option", [el("b", "", letter(one, at)), el("span", "", one.kind === "scale" ? "" : word), input]);
    });
  }

  function people(one, given) {
    const signed = data.roster.filter(function (person) { return kept.ticks[person.who]; });
    if (!signed.length) return [el("p", "", "还没有人签到，先在“签到”里点名")];
    const many = one.kind === "multi" || one.kind === "multiple";
    return one.options.map(function (word, at) { return el("p", "", letter(one, at) + "　" + word); }).concat(signed.map(function (person) {
      const chosen = given.each[person.who] || [];
      return el("div", "person", [el("span", "", person.name), el("span", "", one.options.map(function (word, at) {
        const on = chosen.indexOf(at) >= 0, node = button(letter(one, at), function () {
          const left = chosen.filter(function (place) { return place !== at; });
          given.each[person.who] = on ? left : many ? left.concat(at).sort() : [at];
          if (!given.each[person.who].length) delete given.each[person.who];
          kept.answers[one.id] = given;
          keep();
          question();
          const again = by("asked").querySelector('[data-key="' + person.who + at + '"]');
          if (again) again.focus();
        });
        node.dataset.key = person.who + at;
        node.setAttribute("aria-label", person.name + " 选 " + letter(one, at));
        node.setAttribute("aria-pressed", on ? "true" : "false");
        return node;
      }))]);
    }));
  }

  /* ---------- the file ---------- */
  function sums() {
    const asked = Object.keys(kept.answers).filter(function (id) {
      const one = kept.answers[id];
      return one.each ? Object.keys(one.each).length : one.hands && one.hands.some(Boolean);
    }).length;
    const lines = [["到场人数", kept.heads === null ? "没有填" : kept.heads + " 人"], ["签到", Object.keys(kept.ticks).length + " / " + data.roster.length + " 人"],
      ["记录的题", asked + " / " + data.questions.length], ["上课", kept.began ? clock(kept.began) + (kept.ended ? " 至 " + clock(kept.ended) : " 开始") : "没有开始"]];
    fill(by("sums"), lines.map(function (pair) { return el("div", "", [el("dt", "", pair[0]), el("dd", "", pair[1])]); }));
    by("export").disabled = !kept.began;
    fill(by("export"), kept.began ? "导出结果" : "先开始上课，再导出");
  }

  function sealed() {
    const payload = JSON.stringify({ bundle: data.bundle, training: data.training.id, venue: data.venue.id, run: kept.run, began_at: kept.began,
      ended_at: kept.ended, heads: kept.heads, ticks: kept.ticks, answers: kept.answers });
    return JSON.stringify({ format: data.format, bundle: data.bundle, payload: payload, mac: hmac(data.key, data.format + "." + payload) });
  }

  function give() {
    const day = new Date(), link = el("a"), name = "离线结果-" + data.venue.name + "-" + day.getFullYear() + two(day.getMonth() + 1) + two(day.getDate()) + "-" + two(day.getHours()) + two(day.getMinutes()) + ".json";
    link.href = URL.createObjectURL(new Blob([sealed()], { type: "application/json" }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    kept.exported = true;
    write();
    fill(by("out-said"), "已导出“" + name + "”，在浏览器的下载文件夹里。后来又有改动的，请再导出一次，上传最后那份。");
  }

  /* SHA-256 and HMAC, because a page from the disk may have no crypto.subtle (FIPS 180-4, RFC 2104). */
  const ROOTS = [], STEPS = [];
  for (let n = 2; STEPS.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (ROOTS.length < 8) ROOTS.push(Math.pow(n, 1 / 2) * 4294967296 | 0);
    STEPS.push(Math.pow(n, 1 / 3) * 4294967296 | 0);
  }

  function sha(bytes) {
    const size = bytes.length, words = [], h = ROOTS.slice(), w = [];
    for (let at = 0; at < size; at++) words[at >> 2] |= bytes[at] << 24 - at % 4 * 8;
    words[size >> 2] |= 128 << 24 - size % 4 * 8;
    const last = (size + 8 >> 6) * 16 + 15;
    words[last - 1] = Math.floor(size / 536870912);
    words[last] = size << 3;
    const turn = function (x, n) { return x >>> n | x << 32 - n; };
    for (let start = 0; start <= last; start += 16) {
      let [a, b, c, d, e, f, g, k] = h;
      for (let at = 0; at < 64; at++) {
        if (at < 16) w[at] = words[start + at] | 0;
        else {
          const x = w[at - 15], y = w[at - 2];
          w[at] = (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + w[at - 7] + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10) + w[at - 16] | 0;
        }
        const one = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + STEPS[at] + w[at] | 0;
        const other = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
        k = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + other | 0;
      }
      [a, b, c, d, e, f, g, k].forEach(function (value, at) { h[at] = h[at] + value | 0; });
    }
    const out = [];
    h.forEach(function (word) { for (let at = 24; at >= 0; at -= 8) out.push(word >>> at & 255); });
    return out;
  }

  function hmac(key, message) {
    const utf8 = function (words) { return Array.from(new TextEncoder().encode(words)); };
    let block = utf8(key);
    if (block.length > 64) block = sha(block);
    while (block.length < 64) block.push(0);
    const pad = function (mask) { return block.map(function (one) { return one ^ mask; }); };
    return sha(pad(92).concat(sha(pad(54).concat(utf8(message))))).map(function (one) { return (one < 16 ? "0" : "") + one.toString(16); }).join("");
  }

  /* ---------- the page ---------- */
  function all() { started(); roster(); slide(); question(); sums(); by("heads").value = kept.heads === null ? "" : kept.heads; }

  const tabs = Array.from(document.querySelectorAll("[role=tab]"));

  function show(tab) {
    tabs.forEach(function (one) {
      const on = one === tab;
      one.setAttribute("aria-selected", on ? "true" : "false");
      one.tabIndex = on ? 0 : -1;
      by(one.getAttribute("aria-controls")).hidden = !on;
    });
    all();
  }

  tabs.forEach(function (tab, at) {
    tab.addEventListener("click", function () { show(tab); });
    tab.addEventListener("keydown", function (event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.stopPropagation();
      const next = tabs[(at + step + tabs.length) % tabs.length];
      show(next);
      next.focus();
    });
  });

  by("begin").addEventListener("click", begin);
  by("less").addEventListener("click", function () { heads(Math.max(0, (kept.heads || 0) - 1)); });
  by("more").addEventListener("click", function () { heads((kept.heads || 0) + 1); });
  by("heads").addEventListener("change", function () { heads(by("heads").value.trim()); });
  by("find").addEventListener("input", roster);
  by("previous").addEventListener("click", function () { turn(-1); });
  by("next").addEventListener("click", function () { turn(1); });
  by("full").addEventListener("click", function () { if (by("stage").requestFullscreen) by("stage").requestFullscreen(); });
  by("question").addEventListener("change", function () { asked = Number(by("question").value); question(); });
  by("end").addEventListener("click", function () { kept.ended = kept.ended ? null : Date.now(); keep(); all(); });
  by("export").addEventListener("click", give);
  by("forget").addEventListener("click", function () {
    if (kept.began && !kept.exported) return fill(by("forget-said"), "还有没导出的内容。请先导出结果，再清除。");
    localStorage.removeItem(store);
    kept = fresh();
    all();
    fill(by("saved"), "");
    fill(by("forget-said"), "本机记录已清除。请再删除这个文件夹和压缩包。");
  });
  document.addEventListener("keydown", function (event) {
    if (by("panel-deck").hidden || /^(INPUT|SELECT)$/.test(event.target.tagName)) return;
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (step) { event.preventDefault(); turn(step); }
    if (event.key === "f" || event.key === "F") by("full").click();
  });
  fill(by("question"), data.questions.map(function (one, at) {
    const option = el("option", "", at + 1 + "　" + one.text.slice(0, 40));
    option.value = at;
    return option;
  }));
  all();
})();
