// Takes the code from behind the # and out of the address, and turns it into a token when asked to.
"use strict";
const part = (id) => document.getElementById(id);
const code = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const say = (text) => { part("message").textContent = text; };

if (code) {
  part("offer").hidden = false;
} else {
  say("Open the link as it was printed, with everything behind the #. "
    + "For a new one: ./keyrack setup --reset-owner EMAIL");
}

part("make").addEventListener("click", async () => {
  part("make").disabled = true;
  say("");
  try {
    const answer = await fetch("/api/v1/recover", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    const body = await answer.json();
    if (!answer.ok) {
      say(body.detail);
      part("make").disabled = answer.status < 500;
      return;
    }
    part("email").textContent = body.owner.email;
    part("token").textContent = body.token;
    part("offer").hidden = true;
    part("done").hidden = false;
    part("copy").focus();
  } catch {
    say("Keyrack does not answer. Try again in a moment: the link was not used up.");
    part("make").disabled = false;
  }
});

part("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(part("token").textContent);
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(part("token"));
    say("Copy it with the keyboard: it is selected.");
  }
});
