// <form data-passkey="create|get|login" data-passkey-options="…"> asks the browser for a passkey before it is sent.
// Forms that stand beside another way in are hidden until this browser is known to have passkeys.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    ask(form).then(
      (credential) => {
        form.elements.credential.value = JSON.stringify(plain(credential));
        form.submit();
      },
      () => (problem.hidden = false),
    );
  });
}

async function ask(form) {
  const { publicKey } = form.dataset.passkey === "login" ? await challenge(form) : JSON.parse(form.dataset.passkeyOptions);
  publicKey.challenge = fromText(publicKey.challenge);
  for (const key of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) key.id = fromText(key.id);
  if (form.dataset.passkey !== "create") return navigator.credentials.get({ publicKey });
  publicKey.user.id = fromText(publicKey.user.id);
  const alone = form.elements.passwordless?.checked; // a key that logs in by itself must be stored and unlocked
  Object.assign(publicKey.authenticatorSelection, {
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: Boolean(alone),
    ...(alone && { userVerification: "required" }),
  });
  return navigator.credentials.create({ publicKey });
}

async function challenge(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

function plain(credential) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const found = parts.filter((part) => credential.response[part]);
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(found.map((part) => [part, toText(credential.response[part])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
