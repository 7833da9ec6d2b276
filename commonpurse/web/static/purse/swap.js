/* Forms marked `data-swap` answer in place: only the named part of the page is replaced.
 * The server sends that part alone, made by the template that makes the page. Whatever goes wrong,
 * the form is sent as it would be without this script; its one-time key makes that harmless.
 * An answer is read as a document by the browser, in which nothing runs: no text becomes HTML here,
 * so that the policy against it stands as it is. */
"use strict";

(() => {
  const busy = new WeakSet();

  const ask = (address, part, body) =>
    new Promise((resolve, reject) => {
      const call = new XMLHttpRequest();
      call.open("POST", address);
      call.responseType = "document";
      call.setRequestHeader("HX-Request", "true");
      call.setRequestHeader("HX-Target", part);
      call.addEventListener("load", () => resolve(call));
      call.addEventListener("error", reject);
      call.send(body);
    });

  const say = (found) => {
    const said = document.getElementById("said");
    if (said) said.replaceChildren(...(found ? found.childNodes : []));
  };

  const refocus = (part, before) => {
    const wrong = document.querySelector(`#${part} [role=alert]`);
    const same = before && document.getElementById(before);
    const target = wrong || same || document.getElementById(part);
    if (!target) return;
    if (!target.matches("a, button, input, textarea, select, [tabindex]")) target.tabIndex = -1;
    target.focus({ preventScroll: !wrong });
  };

  const swap = (call, part) => {
    const found = call.response && call.response.getElementById(part);
    const here = document.getElementById(part);
    if (!found || !here || call.status >= 500) return false;
    const made = call.response.getElementById("swap");
    const pieces = [...(made ? made.children : [found])].map((each) => document.adoptNode(each));
    here.replaceWith(...pieces);
    say(call.response.getElementById("said"));
    return true;
  };

  const send = async (form, body) => {
    const part = form.dataset.swap;
    const here = document.getElementById(part);
    if (busy.has(form) || !here) return;
    const before = document.activeElement && document.activeElement.id;
    busy.add(form);
    here.setAttribute("aria-busy", "true");
    try {
      if (swap(await ask(form.action, part, body), part)) return refocus(part, before);
    } catch {
      // No connection, or no answer that can be read: as without this script.
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.swap) return;
    event.preventDefault();
    send(form, new FormData(form, event.submitter));
  });
})();
