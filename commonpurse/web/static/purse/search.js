// The key / leads to the search from every page. Without this script the link and the form remain.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) {
    return;
  }
  const fields = [...document.querySelectorAll("[data-search]")];
  const field = fields.reverse().find((each) => each.checkVisibility());
  const link = document.querySelector("a[data-search-link]");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (link) {
    event.preventDefault();
    link.focus();
    link.click();
  }
});
