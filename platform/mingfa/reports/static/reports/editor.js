// The editor of a report: a figure is put in at the cursor, a finding leads to its line. Without it everything can be typed.
(() => {
  "use strict";
  const body = document.querySelector("#text textarea[name=body]");
  if (!body) return;
  for (const button of document.querySelectorAll("[data-rp-code]")) {
    button.addEventListener("click", () => {
      body.focus();
      body.setRangeText(`{${button.dataset.rpCode}}`, body.selectionStart, body.selectionEnd, "end");
    });
  }
  for (const finding of document.querySelectorAll("[data-rp-line]")) {
    finding.addEventListener("click", (event) => {
      event.preventDefault();
      const lines = body.value.split("\n");
      const before = lines.slice(0, Number(finding.dataset.rpLine) - 1).join("\n").length;
      const start = before ? before + 1 : 0;
      body.focus();
      body.setSelectionRange(start, start + lines[Number(finding.dataset.rpLine) - 1].length);
    });
  }
})();
