/* While rules are edited, the page says at once whether the bank can fill them. Without scripts the saved page says it. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-check]"), words = document.getElementById("rules-words"), WAIT = 500;
  let timer = 0, asked = 0;

  function lines() {
    return Array.from(form.querySelectorAll("tbody tr")).filter(function (row) {
      const gone = row.querySelector('[name$="-DELETE"]');
      return row.querySelector('[name$="-count"]').value && !(gone && gone.checked);
    });
  }

  function show(reply) {
    words.textContent = reply.words;
    words.classList.toggle("mf-attendtext", Boolean(reply.short));
    form.querySelectorAll(".mf-left").forEach(function (old) { old.remove(); });
    lines().forEach(function (row, at) {
      if (reply.lines[at] === undefined) return;
      const count = row.querySelector('[name$="-count"]'), short = Number(count.value) > reply.lines[at];
      const line = document.createElement("span");
      line.className = "mf-left mf-small d-block " + (short ? "mf-attendtext" : "mf-quiet");
      line.textContent = (short ? "不够，可用 " : "可用 ") + reply.lines[at] + " 题";
      count.parentNode.appendChild(line);
    });
  }

  function check() {
    const mine = asked += 1;
    fetch(form.dataset.check, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (response) {
      return response.ok ? response.json() : null;
    }).then(function (reply) {
      if (reply && mine === asked) show(reply);
    }).catch(function () { return; });
  }

  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(check, WAIT);
  });
  check();
})();
