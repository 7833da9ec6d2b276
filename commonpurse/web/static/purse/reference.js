// Trying reads of the API on its page. Without this script the page is whole, and the forms hidden.
"use strict";

for (const form of document.querySelectorAll("form.try")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = form.dataset.path.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(form.elements.namedItem(name).value.trim()),
    );
    const token = document.getElementById("token").value.trim();
    const answer = form.querySelector("pre");
    answer.hidden = false;
    answer.textContent = "…";
    try {
      const response = await fetch(address, {
        headers: token ? { Authorization: `Bearer ${token}` } : {},
        credentials: "omit",
      });
      const text = await response.text();
      let shown = text;
      try {
        shown = JSON.stringify(JSON.parse(text), null, 2);
      } catch {
        // It is no JSON, a payment file for instance: shown as it came.
      }
      answer.textContent = `${response.status} ${response.statusText}\n${shown.slice(0, 20000)}`;
    } catch (fault) {
      answer.textContent = String(fault);
    }
  });
}
