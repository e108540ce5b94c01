/* Proof of work before an answer counts, where the office has switched it on. It needs HTTPS; without it, and without
   scripts, the answer is explained all the same. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-quiz-work]");
  if (!form || !window.crypto || !crypto.subtle || !window.TextEncoder) return;
  const bits = Number(form.getAttribute("data-quiz-work")), nonce = form.getAttribute("data-quiz-nonce");
  function zeros(bytes) {
    let left = bits, at = 0;
    for (; left >= 8; left -= 8, at++) if (bytes[at]) return false;
    return !left || bytes[at] >> (8 - left) === 0;
  }
  function tryOne(number) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(nonce + ":" + number)).then(function (digest) {
      if (zeros(new Uint8Array(digest))) form.elements.work.value = String(number);
      else return tryOne(number + 1);
    });
  }
  tryOne(0);
})();
