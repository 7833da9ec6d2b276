/* The address of a co-op while one types: made from the name, and whether it is free. Without this
 * script the same is said after sending the form. */
"use strict";

(() => {
  const form = document.querySelector("form[data-address]");
  if (!form) return;
  const [name, slug] = [form.elements.namedItem("name"), form.elements.namedItem("slug")];
  const said = form.querySelector("[data-address-said]");
  const PAUSE = 300;
  let timer = 0;
  let asked = 0;
  let isOwn = slug.value !== "";

  const look = async () => {
    const mine = (asked += 1);
    const query = new URLSearchParams(isOwn ? { slug: slug.value } : { name: name.value });
    const answer = await fetch(`${form.dataset.address}?${query}`, {
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    said.textContent = found.said;
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };

  name.addEventListener("input", () => {
    if (!isOwn) later();
  });
  slug.addEventListener("input", () => {
    isOwn = slug.value !== "";
    later();
  });
})();
