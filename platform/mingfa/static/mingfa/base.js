/* Small comforts for every page. Everything works without this file. */
(function () {
  "use strict";
  var root = document.documentElement;

  /* First visit of a reader whose system asks for more contrast: follow it and remember. */
  if (!root.hasAttribute("data-mf-chosen") && window.matchMedia && matchMedia("(prefers-contrast: more)").matches) {
    root.setAttribute("data-bs-theme", "dark");
    document.cookie = "mf_contrast=on; path=/; max-age=31536000; samesite=lax";
  }

  /* Answers, marks and copies kept of one person's open paper, records of activities that wait to be sent, and what a class
     has not been sent yet, are nobody else's: gone when he signs out or another one signs in. The screen of a hall is no
     person (mf-live-…-v3) and keeps its own. A browser that cannot list its databases drops those of the person it knew
     last. */
  var KEPT = /^mf-(paper|field)-/;
  function dropPapers(except) {
    var known = ["mf-paper-", "mf-field-"].map(function (kind) { return { name: kind + localStorage.getItem("mf-person") }; }), jobs = [];
    Object.keys(localStorage).forEach(function (key) {
      var live = /^mf-(?:live-.*|given-\d+)-(\d+)$/.exec(key);
      if (/^mf-(flags-|field-)/.test(key) || live && live[1] !== except) localStorage.removeItem(key);
    });
    if (window.indexedDB) {
      jobs.push((indexedDB.databases ? indexedDB.databases() : Promise.resolve(known)).then(function (all) {
        return Promise.all(all.map(function (one) {
          if (!KEPT.test(one.name) || one.name.replace(KEPT, "") === except) return null;
          return new Promise(function (resolve) {
            var job = indexedDB.deleteDatabase(one.name);
            job.onsuccess = job.onerror = job.onblocked = resolve;
          });
        }));
      }));
    }
    if (window.caches) {
      jobs.push(caches.keys().then(function (names) {
        return Promise.all(names.map(function (name) { return KEPT.test(name) ? caches.delete(name) : null; }));
      }));
    }
    if (navigator.serviceWorker) {
      jobs.push(navigator.serviceWorker.getRegistrations().then(function (all) {
        return Promise.all(all.map(function (one) { return /\/sittings\/|\/outreach\//.test(one.scope) ? one.unregister() : null; }));
      }));
    }
    return Promise.all(jobs.map(function (job) { return job.catch(function () { return; }); }));
  }
  /* Promise of how many records of activities wait here. Counted where they lie, because the worker of the form sends them
     without any page: a number noted elsewhere would be an old one. A browser that does not answer keeps none. */
  function countUnsent() {
    var name = "mf-field-" + localStorage.getItem("mf-person");
    var patience = new Promise(function (resolve) { setTimeout(resolve, 1500, 0); });
    if (window.mfUnsent) return Promise.race([window.mfUnsent.list().then(function (all) { return all.length; }), patience]);
    return Promise.race([patience, new Promise(function (resolve) {
      var asked = indexedDB.open(name);
      asked.onupgradeneeded = function () { asked.transaction.abort(); };  // there was none: none is left behind
      asked.onerror = function (event) { event.preventDefault(); resolve(0); };
      asked.onsuccess = function () {
        var db = asked.result, count = db.objectStoreNames.contains("records") && db.transaction("records").objectStore("records").count();
        if (count) count.onsuccess = function () { resolve(count.result); };
        else resolve(0);
        db.close();  // once the count is there
      };
    })]).catch(function () { return 0; });
  }
  /* Records that wait here would be gone: say so once, then do what is asked. */
  var warned = false, asking = false;
  function warnOfUnsent(number) {
    var main = document.getElementById("main"), box;
    if (warned || !number || !main) return false;
    warned = true;
    box = document.createElement("div");
    box.className = "mf-notice is-stop mt-3";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.textContent = "还有 " + number + " 份活动记录没有发送，现在退出会从本机删去。请先到“记一次活动”等它送达；不要了的，再按一次退出。";
    main.insertBefore(box, main.firstChild);
    box.focus();
    return true;
  }
  try {
    var person = root.getAttribute("data-mf-person");
    if (person && localStorage.getItem("mf-person") !== person) {
      dropPapers(person);
      localStorage.setItem("mf-person", person);
    }
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (!/\/logout\/$/.test(form.action)) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      countUnsent().then(function (number) {
        asking = false;
        if (warnOfUnsent(number)) return;
        var patience = new Promise(function (resolve) { setTimeout(resolve, 1500); });
        Promise.race([dropPapers(), patience]).then(function () { form.submit(); });
      });
    });
  } catch (refusal) { /* no storage: nothing was kept */ }

  /* Menus close with Escape and with a click elsewhere. */
  function closeMenus(except) {
    var open = document.querySelectorAll("details.mf-menu[open]");
    for (var i = 0; i < open.length; i++) if (open[i] !== except) open[i].removeAttribute("open");
  }
  document.addEventListener("click", function (event) { closeMenus(event.target.closest(".mf-menu")); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.mf-menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });

  /* 显示 / 隐藏 beside a password. */
  Array.prototype.forEach.call(document.querySelectorAll("[data-mf-show]"), function (button) {
    var input = document.getElementById(button.getAttribute("data-mf-show"));
    if (!input) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.textContent = shown ? "隐藏" : "显示";
      button.setAttribute("aria-pressed", shown ? "true" : "false");
    });
  });

  /* A failed submit: take the reader to the summary. */
  var errors = document.querySelector("[data-mf-errors]");
  if (errors) errors.focus();

  /* data-mf-busy="正在保存…": say so and refuse a second press. */
  document.addEventListener("submit", function (event) {
    var button = event.submitter || event.target.querySelector("[data-mf-busy]");
    if (!button || !button.hasAttribute("data-mf-busy")) return;
    var word = button.textContent;
    setTimeout(function () { button.disabled = true; button.textContent = button.getAttribute("data-mf-busy"); }, 0);
    window.addEventListener("pageshow", function () { button.disabled = false; button.textContent = word; });
  });
})();
