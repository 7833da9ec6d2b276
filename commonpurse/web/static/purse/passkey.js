/* Passkeys: the one thing here that needs a script. A form marked `data-passkey` asks our server
 * for options, hands them to the browser, and sends the browser's answer as the field `credential`.
 * Everything else on the page works without it, so its buttons are hidden until this has run. */
"use strict";

(() => {
  const bytesOf = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };

  const textOf = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withIds = (listed) => (listed || []).map((each) => ({ ...each, id: bytesOf(each.id) }));

  const made = async (options) => {
    const given = options.publicKey;
    const found = await navigator.credentials.create({
      publicKey: {
        ...given,
        challenge: bytesOf(given.challenge),
        user: { ...given.user, id: bytesOf(given.user.id) },
        excludeCredentials: withIds(given.excludeCredentials),
      },
    });
    return {
      ...named(found),
      response: {
        clientDataJSON: textOf(found.response.clientDataJSON),
        attestationObject: textOf(found.response.attestationObject),
        transports: found.response.getTransports ? found.response.getTransports() : [],
      },
    };
  };

  const shown = async (options) => {
    const given = options.publicKey;
    const found = await navigator.credentials.get({
      publicKey: {
        ...given,
        challenge: bytesOf(given.challenge),
        allowCredentials: withIds(given.allowCredentials),
      },
    });
    const { response } = found;
    return {
      ...named(found),
      response: {
        clientDataJSON: textOf(response.clientDataJSON),
        authenticatorData: textOf(response.authenticatorData),
        signature: textOf(response.signature),
        userHandle: response.userHandle ? textOf(response.userHandle) : null,
      },
    };
  };

  const named = (found) => ({
    id: found.id,
    rawId: textOf(found.rawId),
    type: found.type,
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: found.getClientExtensionResults(),
  });

  const optionsFor = async (form) => {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(form.dataset.begin, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      credentials: "same-origin",
    });
    if (answer.redirected) {
      window.location.assign(answer.url);
      return null;
    }
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    return answer.json();
  };

  const proceed = async (form) => {
    const options = await optionsFor(form);
    if (options === null) {
      return;
    }
    const credential = await (form.dataset.passkey === "make" ? made : shown)(options);
    form.querySelector("[name=credential]").value = JSON.stringify(credential);
    form.submit();
  };

  const listen = (form) => {
    const trouble = form.querySelector("[data-trouble]");
    const button = form.querySelector("[type=submit]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      button.disabled = true;
      try {
        await proceed(form);
      } catch {
        trouble.hidden = false;
        trouble.focus();
      } finally {
        button.disabled = false;
      }
    });
  };

  if (window.PublicKeyCredential && window.isSecureContext) {
    document.querySelectorAll("form[data-passkey]").forEach(listen);
    document.querySelectorAll("[data-no-passkeys]").forEach((each) => {
      each.hidden = true;
    });
  }
})();
